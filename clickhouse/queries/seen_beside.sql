-- What series showed at a time: the newest usable value by then, and its usual band at this time of day in the days before.
-- Series without a value since {since} say nothing (milliseconds since 1970, all of them).
WITH fromUnixTimestamp64Milli({at:Int64}, 'UTC') AS moment,
    fromUnixTimestamp64Milli({since:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Milli({before:Int64}, 'UTC') AS before,
    abs(toUnixTimestamp(observed_at) % 86400 - toUnixTimestamp(moment) % 86400) AS apart,
    observed_at < before AND least(apart, 86400 - apart) <= 5400 AS usual
SELECT source, station, metric, argMax(assumeNotNull(value), observed_at) AS newest, toUnixTimestamp64Milli(max(observed_at)) AS newest_at,
    quantilesExactIf(0.025, 0.5, 0.975)(assumeNotNull(value), usual) AS band, countIf(usual) AS points
FROM readings FINAL
WHERE (source, station, metric) IN {series:Array(Tuple(String, String, String))}
    AND observed_at > moment - INTERVAL {days:UInt32} DAY AND observed_at <= moment
    AND status = 'ok' AND value IS NOT NULL
GROUP BY source, station, metric
HAVING max(observed_at) >= since
ORDER BY source, station, metric
