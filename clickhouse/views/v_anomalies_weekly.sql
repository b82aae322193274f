-- Bất thường theo nguồn, bộ phát hiện và tuần (từ thứ Hai) | anomalies by source, detector and week from Monday
SELECT
    source, detector, toStartOfWeek(toTimeZone(observed_at, 'Asia/Ho_Chi_Minh'), 1) AS week, count() AS anomalies,
    countIf(severity = 'critical') AS critical, uniqExact(station, metric) AS series
FROM {anomalies}
GROUP BY source, detector, week
