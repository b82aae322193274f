-- Bất thường không trùng, kèm lý do và tên | anomalies without duplicates, with reason and names
SELECT
    a.event_id AS event_id, a.received_at AS received_at, a.source AS source, a.station AS station, if(s.name = '', a.station, s.name) AS station_name,
    a.metric AS metric, if(m.name = '', a.metric, m.name) AS metric_name, a.observed_at AS observed_at, a.since AS since,
    a.value AS value, a.expected AS expected, a.low AS low, a.high AS high, a.unit AS unit, a.score AS score, a.one_in AS one_in,
    a.severity AS severity, a.detector AS detector, a.reason AS reason, a.evidence AS evidence, a.agency AS agency, a.area AS area, a.cause AS cause, n.name AS area_name,
    d.verdict AS verdict, d.verdict_by AS verdict_by
FROM {anomalies a}
LEFT JOIN (SELECT source, code, name FROM {dim_stations}) AS s ON s.source = a.source AND s.code = a.station
LEFT JOIN (SELECT source, id, name FROM {dim_metrics}) AS m ON m.source = a.source AND m.id = a.metric
LEFT JOIN {v_area_names n} ON n.code = a.area
LEFT JOIN
(
    SELECT anomaly, argMax(verdict, (decided_at, received_at, event_id)) AS verdict, argMax(decided_by, (decided_at, received_at, event_id)) AS verdict_by
    FROM {verdicts}
    WHERE anomaly != ''
    GROUP BY anomaly
) AS d ON d.anomaly = a.event_id
