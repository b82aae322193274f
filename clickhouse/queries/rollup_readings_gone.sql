-- Zeros for the hours between two instants that have no reading any more, for example after DELETE; workers never make one.
INSERT INTO readings_hourly (source, metric, station, hour, version)
SELECT source, metric, station, hour, fromUnixTimestamp64Micro({version:Int64}, 'UTC')
FROM readings_hourly FINAL
WHERE points > 0 AND hour >= {since:DateTime64(3, 'UTC')} AND hour < {until:DateTime64(3, 'UTC')}
    AND (source, metric, station, hour) NOT IN
    (
        SELECT source, metric, station, toDateTime(toStartOfHour(observed_at), 'UTC')
        FROM readings
        WHERE observed_at >= {since:DateTime64(3, 'UTC')} AND observed_at < {until:DateTime64(3, 'UTC')}
    )
