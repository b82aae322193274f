SELECT sum(records_24h) AS "Bản ghi" FROM v_source_freshness
