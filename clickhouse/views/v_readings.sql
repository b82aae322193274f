-- Số đo không trùng, kèm tên trạm và thông số | readings without duplicates, with names
SELECT
    r.event_id AS event_id, r.received_at AS received_at, r.source AS source, r.station AS station, r.metric AS metric,
    r.observed_at AS observed_at, r.value AS value, r.unit AS unit, r.status AS status, r.agency AS agency, r.area AS area,
    if(s.name = '', r.station, s.name) AS station_name,
    if(m.name = '', r.metric, m.name) AS metric_name
FROM {readings r}
LEFT JOIN (SELECT source, code, name FROM {dim_stations}) AS s ON s.source = r.source AND s.code = r.station
LEFT JOIN (SELECT source, id, name FROM {dim_metrics}) AS m ON m.source = r.source AND m.id = r.metric
