-- Cảnh báo, mỗi dấu nhận dạng một dòng: mức nặng nhất trong sáu giờ cuối mà chưa đóng, với trạng thái mới nhất | alerts, a row a fingerprint: the gravest of its last six hours that was not closed since, with the latest state
WITH raised AS
(
    SELECT
        fingerprint, min(x.raised_at) AS first_raised_at, max(x.raised_at) AS last_raised_at, uniqExact(event_id) AS times,
        argMax(x.state, (x.received_at, x.raised_at)) AS state, maxIf(x.received_at, x.state = 'closed') AS closed_at
    FROM {alerts x}
    GROUP BY fingerprint
)
SELECT
    a.fingerprint AS fingerprint, r.first_raised_at AS first_raised_at, r.last_raised_at AS last_raised_at, r.times AS times, a.severity AS severity,
    a.topic AS topic, a.title AS title, a.message AS message, a.agency AS agency, a.area AS area, a.source AS source, r.state AS state,
    a.evidence AS evidence, if(g.short = '', a.agency, g.short) AS agency_name, n.name AS area_name
FROM {alerts a}
INNER JOIN raised AS r ON r.fingerprint = a.fingerprint
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = a.agency
LEFT JOIN {v_area_names n} ON n.code = a.area
WHERE a.raised_at > r.last_raised_at - INTERVAL 6 HOUR
ORDER BY a.received_at > r.closed_at DESC, indexOf(['info', 'warning', 'critical'], a.severity) DESC, a.raised_at DESC, a.received_at DESC, a.event_id
LIMIT 1 BY fingerprint
