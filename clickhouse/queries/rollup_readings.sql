-- The hours of these series from {since} until {until}, from what is stored now; recomputing an hour too many is harmless,
-- so that the columns are compared one by one: a third less work than tuples of strings.
INSERT INTO readings_hourly
SELECT
    source, metric, station, toStartOfHour(observed_at) AS hour,
    argMax(agency, observed_at), argMax(area, observed_at), argMax(unit, observed_at),
    count(), countIf(usable), ifNull(sumIf(value, usable), 0), minIf(value, usable), maxIf(value, usable),
    argMaxIf(value, observed_at, usable), maxOrNullIf(observed_at, usable), fromUnixTimestamp64Micro({version:Int64}, 'UTC')
FROM
(
    SELECT source, metric, station, observed_at, agency, area, unit, value, status = 'ok' AND isNotNull(value) AS usable
    FROM readings FINAL
    WHERE source IN {source:Array(String)} AND metric IN {metric:Array(String)} AND station IN {station:Array(String)}
        AND observed_at >= {since:DateTime64(3, 'UTC')} AND observed_at < {until:DateTime64(3, 'UTC')}
)
GROUP BY source, metric, station, hour
