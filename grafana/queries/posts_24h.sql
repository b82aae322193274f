SELECT count() AS "Bài" FROM v_posts WHERE published_at > now64(3, 'UTC') - INTERVAL 1 DAY
