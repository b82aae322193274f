-- Lần liên lạc cuối đã biết | last known contact of every source
SELECT
    source, max(f.checked_at) AS checked_at, max(f.newest_at) AS newest_at,
    max(CAST((f.checked_at, toString(state), message), 'Tuple(checked_at DateTime64(3, \'UTC\'), state String, message String)')) AS last
FROM {freshness f}
GROUP BY source
