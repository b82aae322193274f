-- Ranges of two days from sums by the minute (from readings where those are gone or not kept), longer ones from sums by the hour; names come last, onto few rows.
SELECT time, if(s.name = '', m.station, s.name) AS series, value
FROM
(
    SELECT $__timeInterval(at) AS time, station, sum(total) / sum(usable) AS value
    FROM
    (
        SELECT minute AS at, station, total, usable
        FROM readings_minutely FINAL
        WHERE source = {source} AND metric = {metric} AND usable > 0 AND $__timeFilter(minute)
            AND $__toTime <= $__fromTime + INTERVAL 50 HOUR AND $__fromTime >= now() - INTERVAL 7 DAY AND (SELECT count() FROM readings_minutely) > 0
        UNION ALL
        SELECT toDateTime(observed_at, 'UTC') AS at, station, ifNull(value, 0) AS total, 1 AS usable
        FROM readings FINAL
        WHERE source = {source} AND metric = {metric} AND status = 'ok' AND value IS NOT NULL AND $__timeFilter(observed_at)
            AND $__toTime <= $__fromTime + INTERVAL 50 HOUR AND ($__fromTime < now() - INTERVAL 7 DAY OR (SELECT count() FROM readings_minutely) = 0)
        UNION ALL
        SELECT hour AS at, station, total, usable
        FROM readings_hourly FINAL
        WHERE source = {source} AND metric = {metric} AND usable > 0 AND $__timeFilter(hour) AND $__toTime > $__fromTime + INTERVAL 50 HOUR
    )
    GROUP BY time, station
) AS m
LEFT JOIN (SELECT code, name FROM dim_stations FINAL WHERE source = {source}) AS s ON s.code = m.station
ORDER BY time, series
