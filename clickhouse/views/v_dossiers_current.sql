-- Trạng thái hiện tại của mỗi hồ sơ một cửa | the latest status of every one-stop dossier; waiting for the citizen (5, 6) stops the clock
SELECT
    c.source AS source, c.dossier_code AS dossier_code, c.procedure_code AS procedure_code, c.procedure_name AS procedure_name, c.field AS field,
    c.agency AS agency, c.area AS area, c.channel AS channel, c.service_level AS service_level, c.submitted_at AS submitted_at,
    c.due_at AS due_at, c.finished_at AS finished_at, c.status AS status, c.fee_vnd AS fee_vnd, c.status_at AS status_at,
    if(g.short = '', c.agency, g.short) AS agency_name,
    multiIf(
        c.status IN (3, 7, 8), 'withdrawn',
        c.status IN (9, 10) OR c.finished_at IS NOT NULL, if(c.due_at IS NULL OR ifNull(c.finished_at, c.status_at) <= c.due_at, 'done_on_time', 'done_late'),
        c.status IN (5, 6), 'waiting_for_citizen',
        c.due_at < {moment}, 'overdue',
        'in_progress') AS state
FROM {dossiers_current c}
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = c.agency
