SELECT published_at AS "Lúc đăng", outlet AS "Báo", title AS "Bài", url AS "_url"
FROM v_posts
WHERE $__timeFilter(published_at)
ORDER BY published_at DESC
LIMIT 30
