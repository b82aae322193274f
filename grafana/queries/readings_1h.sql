SELECT sum(newest) AS "Số đo"
FROM
(
    SELECT argMax(points, version) AS newest
    FROM readings_minutely
    WHERE minute > now() - INTERVAL 1 HOUR
    GROUP BY source, metric, station, minute
    UNION ALL
    SELECT count() AS newest
    FROM readings FINAL
    WHERE observed_at > now64(3) - INTERVAL 1 HOUR AND (SELECT count() FROM readings_minutely) = 0
)
