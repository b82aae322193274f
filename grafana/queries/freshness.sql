SELECT
    source_name AS "Nguồn",
    agency_name AS "Cơ quan",
    state AS "Tình trạng",
    checked_at AS "Liên lạc",
    newest_at AS "Dữ liệu mới nhất",
    records_24h AS "Bản ghi 24h",
    rejects_24h AS "Từ chối 24h",
    message AS "Ghi chú"
FROM v_source_freshness
ORDER BY indexOf(['failed', 'stale', 'partial', 'ok', 'never', 'manual'], state), source_name
