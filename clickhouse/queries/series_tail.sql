-- The last {points} usable readings before {before} of each series, to warm up its detector; by series and time.
SELECT source, station, metric, observed_at, value
FROM
(
    SELECT source, station, metric, observed_at, value
    FROM readings FINAL
    WHERE (source, station, metric) IN {series:Array(Tuple(String, String, String))}
        AND observed_at < {before:DateTime64(3, 'UTC')}
        AND status = 'ok' AND value IS NOT NULL
    ORDER BY observed_at DESC
    LIMIT {points:UInt32} BY source, station, metric
)
ORDER BY source, station, metric, observed_at
