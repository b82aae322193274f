-- Ranges of two days from sums by the minute (from readings where those may be gone), longer ones from sums by the hour.
SELECT $__timeInterval(at) AS time, station_name AS series, sum(total) / sum(usable) AS value
FROM
(
    SELECT minute AS at, station_name, mean * usable AS total, usable
    FROM v_readings_minutely
    WHERE source = {source} AND metric = {metric} AND usable > 0 AND $__timeFilter(minute)
        AND $__toTime <= $__fromTime + INTERVAL 50 HOUR AND $__fromTime >= now() - INTERVAL 7 DAY
    UNION ALL
    SELECT toDateTime(observed_at, 'UTC') AS at, station_name, ifNull(value, 0) AS total, 1 AS usable
    FROM v_readings
    WHERE source = {source} AND metric = {metric} AND status = 'ok' AND value IS NOT NULL AND $__timeFilter(observed_at)
        AND $__toTime <= $__fromTime + INTERVAL 50 HOUR AND $__fromTime < now() - INTERVAL 7 DAY
    UNION ALL
    SELECT hour AS at, station_name, mean * usable AS total, usable
    FROM v_readings_hourly
    WHERE source = {source} AND metric = {metric} AND usable > 0 AND $__timeFilter(hour) AND $__toTime > $__fromTime + INTERVAL 50 HOUR
)
GROUP BY time, series
ORDER BY time, series
