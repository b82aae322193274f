WITH strangest AS
(
    SELECT source, station, metric
    FROM v_anomalies
    WHERE $__timeFilter(observed_at)
    ORDER BY indexOf(['critical', 'warning', 'info'], severity), observed_at DESC
    LIMIT 1
)
SELECT *
FROM
(
    SELECT
        toDateTime(observed_at, 'UTC') AS time,
        concat(station_name, ' · ', metric_name, if(unit IN ('', '-', 'pH'), '', concat(' (', replaceOne(unit, 'm3', 'm³'), ')'))) AS series,
        value
    FROM v_readings
    WHERE (source, station, metric) IN strangest AND status = 'ok' AND $__timeFilter(observed_at)
    UNION ALL
    SELECT toDateTime(observed_at, 'UTC') AS time, 'Bất thường' AS series, value
    FROM v_anomalies
    WHERE (source, station, metric) IN strangest AND $__timeFilter(observed_at)
)
ORDER BY time, series
