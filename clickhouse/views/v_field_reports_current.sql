-- Trạng thái hiện tại của mỗi phản ánh, không kèm dữ liệu cá nhân | the latest state of every field report, without personal data
SELECT
    r.source AS source, r.report_code AS report_code, r.category AS category, r.title AS title, r.channel AS channel, r.area AS area, n.name AS area_name,
    r.agency AS agency, if(g.short = '', r.agency, g.short) AS agency_name, r.photos AS photos, r.reported_at AS reported_at, r.due_at AS due_at,
    r.state AS last_state, r.state_at AS state_at, r.rating AS rating,
    multiIf(
        r.state IN ('answered', 'closed'), if(r.due_at IS NULL OR r.state_at <= r.due_at, 'answered_on_time', 'answered_late'),
        r.state = 'rejected', 'rejected',
        r.due_at < {moment}, 'overdue',
        r.state = 'new', 'new',
        'in_progress') AS state
FROM {field_reports_current r}
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = r.agency
LEFT JOIN {v_area_names n} ON n.code = r.area
