SELECT source_name AS "Nguồn", state AS "Tình trạng"
FROM v_source_freshness
WHERE state != 'manual'
ORDER BY indexOf(['failed', 'stale', 'partial', 'ok', 'never'], state), source_name
