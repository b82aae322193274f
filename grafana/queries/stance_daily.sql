SELECT
    toDateTime(toStartOfDay(published_at, 'Asia/Ho_Chi_Minh'), 'UTC') AS time,
    countIf(stance = 'negative') AS "▼ Tiêu cực",
    countIf(stance = 'neutral') AS "● Trung lập",
    countIf(stance = 'positive') AS "▲ Tích cực"
FROM v_stances
WHERE $__timeFilter(published_at)
GROUP BY time
ORDER BY time
