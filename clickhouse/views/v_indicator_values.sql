-- Giá trị chỉ tiêu, bản điều chỉnh mới nhất | values of indicators, the latest revision
SELECT
    v.event_id AS event_id, v.received_at AS received_at, v.source AS source, v.indicator AS indicator, if(i.name = '', v.indicator, i.name) AS indicator_name,
    v.area AS area, v.frequency AS frequency, v.period AS period, v.value AS value, v.unit AS unit
FROM {indicator_values v}
LEFT JOIN (SELECT id, name FROM {dim_indicators}) AS i ON i.id = v.indicator
