-- As rollup_readings, where raw readings from before {kept} may have expired: an hour that now holds fewer of them keeps the sum it had.
INSERT INTO readings_hourly
SELECT n.*
FROM
(
    SELECT
        source, metric, station, toStartOfHour(observed_at) AS hour,
        argMax(agency, observed_at), argMax(area, observed_at), argMax(unit, observed_at),
        count() AS points, countIf(usable), ifNull(sumIf(value, usable), 0), minIf(value, usable), maxIf(value, usable),
        argMaxIf(value, observed_at, usable), maxOrNullIf(observed_at, usable), fromUnixTimestamp64Micro({version:Int64}, 'UTC')
    FROM
    (
        SELECT source, metric, station, observed_at, agency, area, unit, value, status = 'ok' AND isNotNull(value) AS usable
        FROM readings FINAL
        WHERE source IN {source:Array(String)} AND metric IN {metric:Array(String)} AND station IN {station:Array(String)}
            AND observed_at >= {since:DateTime64(3, 'UTC')} AND observed_at < {until:DateTime64(3, 'UTC')}
    )
    GROUP BY source, metric, station, hour
) AS n
LEFT JOIN
(
    SELECT source, metric, station, hour, points
    FROM readings_hourly FINAL
    WHERE source IN {source:Array(String)} AND metric IN {metric:Array(String)} AND station IN {station:Array(String)}
        AND hour >= {since:DateTime64(3, 'UTC')} AND hour < least({until:DateTime64(3, 'UTC')}, {kept:DateTime64(3, 'UTC')})
) AS o ON o.source = n.source AND o.metric = n.metric AND o.station = n.station AND o.hour = n.hour
WHERE n.points >= o.points
