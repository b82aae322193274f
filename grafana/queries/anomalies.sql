SELECT
    severity AS "Mức",
    observed_at AS "Lúc",
    concat(station_name, ' · ', metric_name) AS "Nơi",
    reason AS "Lý do",
    if(verdict = '', 'none', verdict) AS "Đánh giá",
    event_id AS "_id"
FROM v_anomalies
WHERE observed_at > now64(3, 'UTC') - INTERVAL 1 DAY
ORDER BY indexOf(['critical', 'warning', 'info'], severity), observed_at DESC
LIMIT 1 BY station, metric
LIMIT $limit
