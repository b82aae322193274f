-- Số đo theo phút, kèm tên; giữ trong thời gian ngắn | readings by the minute with names; kept for a short time
SELECT
    r.source AS source, r.station AS station, r.metric AS metric, r.minute AS minute, r.agency AS agency, r.area AS area, r.unit AS unit,
    r.points AS points, r.usable AS usable, if(r.usable = 0, NULL, r.total / r.usable) AS mean, r.lowest AS lowest, r.highest AS highest,
    if(s.name = '', r.station, s.name) AS station_name,
    if(m.name = '', r.metric, m.name) AS metric_name
FROM (SELECT * FROM {readings_minutely} WHERE points > 0) AS r
LEFT JOIN (SELECT source, code, name FROM {dim_stations}) AS s ON s.source = r.source AND s.code = r.station
LEFT JOIN (SELECT source, id, name FROM {dim_metrics}) AS m ON m.source = r.source AND m.id = r.metric
