-- The last {points} usable readings of each series between its own bounds (milliseconds since 1970, both excluded), to
-- warm up its detector; by series and time. The order inside is the table's own, so that sorting is little work.
WITH asked AS
(
    SELECT bound.1 AS source, bound.2 AS station, bound.3 AS metric,
        fromUnixTimestamp64Milli(bound.4, 'UTC') AS after, fromUnixTimestamp64Milli(bound.5, 'UTC') AS before
    FROM (SELECT arrayJoin({series:Array(Tuple(String, String, String, Int64, Int64))}) AS bound)
)
SELECT source, station, metric, observed_at, value
FROM
(
    SELECT source, station, metric, observed_at, value
    FROM readings FINAL
    INNER JOIN asked USING (source, station, metric)
    WHERE (source, station, metric) IN (SELECT source, station, metric FROM asked)
        AND observed_at > (SELECT min(after) FROM asked) AND observed_at < (SELECT max(before) FROM asked)
        AND observed_at > after AND observed_at < before
        AND status = 'ok' AND value IS NOT NULL
    ORDER BY source DESC, metric DESC, station DESC, observed_at DESC
    LIMIT {points:UInt32} BY source, station, metric
)
ORDER BY source, station, metric, observed_at
