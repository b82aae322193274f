-- Trạng thái hiện tại của mỗi nhiệm vụ UBND tỉnh giao | the latest status of every task given by the People's Committee
SELECT
    t.source AS source, t.task_code AS task_code, t.document_no AS document_no, t.document_date AS document_date, t.title AS title,
    t.assigned_by AS assigned_by, t.agency AS agency, if(g.short = '', t.agency, g.short) AS agency_name, t.supporting AS supporting, t.area AS area,
    t.assigned_at AS assigned_at, t.due_at AS due_at, t.finished_at AS finished_at, t.progress AS progress, t.status AS status, t.status_at AS status_at,
    multiIf(
        t.status = 'done' OR t.finished_at IS NOT NULL, if(t.due_at IS NULL OR ifNull(t.finished_at, t.status_at) <= t.due_at, 'done_on_time', 'done_late'),
        t.status = 'paused', 'paused',
        t.due_at < {moment}, 'overdue',
        t.status = 'assigned', 'not_started',
        'in_progress') AS state
FROM {tasks_current t}
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = t.agency
