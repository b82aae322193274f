-- Số đo theo phút, tính lại từ số đo đã biết | readings by the minute, recomputed from what was known
SELECT
    source, metric, station, toStartOfMinute(observed_at) AS minute,
    argMax(agency, observed_at) AS agency, argMax(area, observed_at) AS area, argMax(unit, observed_at) AS unit,
    toUInt32(count()) AS points, toUInt32(countIf(good)) AS usable, ifNull(sumIf(value, good), 0) AS total,
    minIf(value, good) AS lowest, maxIf(value, good) AS highest, toDateTime64(0, 6) AS version
FROM (SELECT *, status = 'ok' AND isNotNull(value) AS good FROM {readings r})
GROUP BY source, metric, station, minute
