-- The hours that hold readings between two instants, as `clickhouse.rollups.touched` names them.
SELECT DISTINCT source, metric, station, toInt32(intDiv(toUnixTimestamp(toStartOfHour(observed_at)), 3600)) AS bucket
FROM readings
WHERE observed_at >= {since:DateTime64(3, 'UTC')} AND observed_at < {until:DateTime64(3, 'UTC')}
