SELECT sum(newest) AS "Số đo"
FROM
(
    SELECT argMax(points, version) AS newest
    FROM readings_minutely
    WHERE minute > now() - INTERVAL 1 HOUR
    GROUP BY source, metric, station, minute
)
