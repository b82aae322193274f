SELECT
    dossier_code AS "Mã hồ sơ",
    agency_name AS "Cơ quan",
    if(procedure_name = '', procedure_code, procedure_name) AS "Thủ tục",
    due_at AS "Hẹn trả",
    dateDiff('day', due_at, now64(3, 'UTC')) AS "Trễ (ngày)"
FROM v_dossiers_current
WHERE state = 'overdue'
ORDER BY due_at
LIMIT 50
