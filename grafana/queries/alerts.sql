SELECT
    severity AS "Mức",
    last_raised_at AS "Lúc",
    title AS "Tiêu đề",
    message AS "Nội dung",
    times AS "Lần",
    state AS "Trạng thái"
FROM v_alerts
WHERE last_raised_at > now64(3, 'UTC') - INTERVAL 7 DAY
ORDER BY state = 'closed', indexOf(['critical', 'warning', 'info'], severity), last_raised_at DESC
LIMIT 50
