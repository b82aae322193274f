SELECT
    toDateTime(toStartOfDay(published_at, 'Asia/Ho_Chi_Minh'), 'UTC') AS time,
    countIf(stance = 'negative') AS "▼ Tiêu cực",
    countIf(stance = 'neutral') AS "● Trung lập",
    countIf(stance = 'positive') AS "▲ Tích cực"
FROM v_stances
WHERE $__timeFilter(published_at) AND published_at >= toStartOfDay($__fromTime + INTERVAL 1 DAY, 'Asia/Ho_Chi_Minh')
GROUP BY time
ORDER BY time WITH FILL STEP INTERVAL 1 DAY
