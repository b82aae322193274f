-- Số đo theo ngày và đơn vị hành chính, tên đơn vị đúng vào ngày đó | readings by the province's day and area, the area named as on that day
SELECT
    d.day AS day, d.area AS area, if(n.name = '', d.area, n.name) AS area_name, d.source AS source, d.metric AS metric, d.unit AS unit,
    d.stations AS stations, d.points AS points, d.mean AS mean, d.lowest AS lowest, d.highest AS highest
FROM
(
    SELECT
        toDate32(hour, 'Asia/Ho_Chi_Minh') AS day, area, source, metric, any(r.unit) AS unit, uniqExact(r.station) AS stations, sum(r.points) AS points,
        if(sum(r.usable) = 0, NULL, sum(r.total) / sum(r.usable)) AS mean, min(r.lowest) AS lowest, max(r.highest) AS highest
    FROM (SELECT * FROM {readings_hourly} WHERE points > 0) AS r
    GROUP BY day, area, source, metric
) AS d
ASOF LEFT JOIN (SELECT code, name, valid_from FROM {dim_areas}) AS n ON n.code = d.area AND n.valid_from <= d.day
