-- Zeros for the minutes between two instants that have no reading any more, for example after DELETE; workers never make one.
INSERT INTO readings_minutely (source, metric, station, minute, version)
SELECT source, metric, station, minute, fromUnixTimestamp64Micro({version:Int64}, 'UTC')
FROM readings_minutely FINAL
WHERE points > 0 AND minute >= {since:DateTime64(3, 'UTC')} AND minute < {until:DateTime64(3, 'UTC')}
    AND (source, metric, station, minute) NOT IN
    (
        SELECT source, metric, station, toDateTime(toStartOfMinute(observed_at), 'UTC')
        FROM readings
        WHERE observed_at >= {since:DateTime64(3, 'UTC')} AND observed_at < {until:DateTime64(3, 'UTC')}
    )
