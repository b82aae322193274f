SELECT $__timeInterval(observed_at) AS time, station_name AS series, avg(value) AS value
FROM v_readings
WHERE source = {source} AND metric = {metric} AND status = 'ok' AND $__timeFilter(observed_at)
GROUP BY time, series
ORDER BY time, series
