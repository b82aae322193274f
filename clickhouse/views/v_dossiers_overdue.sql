-- Hồ sơ quá hạn hôm nay theo cơ quan và lĩnh vực | dossiers overdue today by agency and field
SELECT
    agency, any(agency_name) AS agency_name, field, count() AS overdue,
    max(dateDiff('day', due_at, {moment})) AS longest_days, round(avg(dateDiff('day', due_at, {moment})), 1) AS mean_days,
    argMin(dossier_code, due_at) AS oldest_dossier
FROM {v_dossiers_current}
WHERE state = 'overdue'
GROUP BY agency, field
