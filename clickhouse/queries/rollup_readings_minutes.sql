-- The minutes of these series from {since} until {until}, from what is stored now.
INSERT INTO readings_minutely
SELECT
    source, metric, station, toStartOfMinute(observed_at) AS minute,
    argMax(agency, observed_at), argMax(area, observed_at), argMax(unit, observed_at),
    count(), countIf(usable), ifNull(sumIf(value, usable), 0), minIf(value, usable), maxIf(value, usable),
    fromUnixTimestamp64Micro({version:Int64}, 'UTC')
FROM
(
    SELECT source, metric, station, observed_at, agency, area, unit, value, status = 'ok' AND isNotNull(value) AS usable
    FROM readings FINAL
    WHERE source IN {source:Array(String)} AND metric IN {metric:Array(String)} AND station IN {station:Array(String)}
        AND observed_at >= {since:DateTime64(3, 'UTC')} AND observed_at < {until:DateTime64(3, 'UTC')}
)
GROUP BY source, metric, station, minute
