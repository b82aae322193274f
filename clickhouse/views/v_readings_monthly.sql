-- Số đo theo tháng của tỉnh | readings by the province's month
SELECT
    source, station, metric, toStartOfMonth(toDate(hour, 'Asia/Ho_Chi_Minh')) AS month, argMax(r.agency, hour) AS agency, argMax(r.area, hour) AS area, argMax(r.unit, hour) AS unit,
    sum(r.points) AS points, sum(r.usable) AS usable, if(sum(r.usable) = 0, NULL, sum(r.total) / sum(r.usable)) AS mean,
    min(r.lowest) AS lowest, max(r.highest) AS highest, argMax(r.last_value, r.last_at) AS last_value
FROM (SELECT * FROM {readings_hourly} WHERE points > 0) AS r
GROUP BY source, station, metric, month
