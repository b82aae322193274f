-- Đánh giá mới nhất của mỗi bất thường, mọi lần bỏ sót và đặt lại, kèm tên | the latest verdict of each anomaly, all that was missed or reset, with names
SELECT
    v.event_id AS event_id, v.received_at AS received_at, v.source AS source, v.station AS station, if(s.name = '', v.station, s.name) AS station_name,
    v.metric AS metric, if(m.name = '', v.metric, m.name) AS metric_name, v.anomaly AS anomaly, v.detector AS detector, v.observed_at AS observed_at,
    v.verdict AS verdict, v.note AS note, v.decided_by AS decided_by, v.decided_at AS decided_at, v.agency AS agency, v.area AS area
FROM (SELECT * FROM {verdicts} ORDER BY decided_at DESC, received_at DESC, event_id DESC LIMIT 1 BY if(anomaly = '', event_id, anomaly)) AS v
LEFT JOIN (SELECT source, code, name FROM {dim_stations}) AS s ON s.source = v.source AND s.code = v.station
LEFT JOIN (SELECT source, id, name FROM {dim_metrics}) AS m ON m.source = v.source AND m.id = v.metric
