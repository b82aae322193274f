-- Sự cố và trạng thái hiện tại, kéo dài bao lâu | incidents with their latest state and how long they have lasted
SELECT
    i.source AS source, i.incident_code AS incident_code, i.incident_type AS incident_type, i.title AS title, i.description AS description,
    i.severity AS severity, i.opened_at AS opened_at, i.state AS state, i.state_at AS state_at, i.lat AS lat, i.lon AS lon,
    i.area AS area, n.name AS area_name, i.agency AS agency, if(g.short = '', i.agency, g.short) AS agency_name,
    i.dead AS dead, i.injured AS injured, i.loss_vnd AS loss_vnd, i.alerts AS alerts,
    dateDiff('minute', i.opened_at, if(i.state IN ('resolved', 'closed'), i.state_at, {moment})) AS lasted_min
FROM {incidents_current i}
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = i.agency
LEFT JOIN {v_area_names n} ON n.code = i.area
