SELECT
    published_at AS "Lúc đăng",
    agency_name AS "Cơ quan",
    stance AS "Thái độ",
    evidence AS "Câu làm bằng chứng",
    title AS "Bài",
    confidence AS "Độ tin cậy",
    url AS "_url"
FROM v_stances
WHERE $__timeFilter(published_at)
ORDER BY published_at DESC
LIMIT 30
