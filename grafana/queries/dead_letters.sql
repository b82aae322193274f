SELECT
    rejected_at AS "Lúc",
    source_name AS "Nguồn",
    field AS "Trường",
    reason AS "Lý do",
    origin AS "Tệp",
    position AS "Dòng"
FROM v_dead_letters
WHERE $__timeFilter(rejected_at) AND replayed_at IS NULL
ORDER BY rejected_at DESC
LIMIT 50
