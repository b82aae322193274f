-- Số đo theo giờ của bốn ngày qua, tính lại từ số đo đã biết | readings by the hour of the last days, recomputed from what was known
SELECT
    source, metric, station, toStartOfHour(observed_at) AS hour,
    argMax(agency, observed_at) AS agency, argMax(area, observed_at) AS area, argMax(unit, observed_at) AS unit,
    toUInt32(count()) AS points, toUInt32(countIf(good)) AS usable, ifNull(sumIf(value, good), 0) AS total,
    minIf(value, good) AS lowest, maxIf(value, good) AS highest,
    argMaxIf(value, observed_at, good) AS last_value, maxOrNullIf(observed_at, good) AS last_at
FROM (SELECT *, status = 'ok' AND isNotNull(value) AS good FROM {readings r})
GROUP BY source, metric, station, hour
