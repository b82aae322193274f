SELECT agency_name AS "Cơ quan", on_time_percent AS "Đúng hạn"
FROM v_dossiers_by_agency
WHERE on_time_percent IS NOT NULL
ORDER BY on_time_percent, agency_name
LIMIT 12
