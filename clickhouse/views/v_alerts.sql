-- Cảnh báo, mỗi dấu nhận dạng một dòng với trạng thái mới nhất | alerts, a row a fingerprint with its latest state
WITH latest AS
(
    SELECT
        fingerprint, min(a.raised_at) AS first_raised_at, max(a.raised_at) AS last_raised_at, uniqExact(event_id) AS times,
        argMax(severity, (a.received_at, a.raised_at)) AS severity, argMax(topic, (a.received_at, a.raised_at)) AS topic,
        argMax(title, (a.received_at, a.raised_at)) AS title, argMax(message, (a.received_at, a.raised_at)) AS message,
        argMax(agency, (a.received_at, a.raised_at)) AS agency, argMax(area, (a.received_at, a.raised_at)) AS area,
        argMax(source, (a.received_at, a.raised_at)) AS source, argMax(state, (a.received_at, a.raised_at)) AS state,
        argMax(evidence, (a.received_at, a.raised_at)) AS evidence
    FROM {alerts a}
    GROUP BY fingerprint
)
SELECT l.*, if(g.short = '', l.agency, g.short) AS agency_name, n.name AS area_name
FROM latest AS l
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = l.agency
LEFT JOIN {v_area_names n} ON n.code = l.area
