SELECT countIf(state IN ('failed', 'stale', 'partial')) AS "Nguồn" FROM v_source_freshness
