SELECT if(countIf(state NOT IN ('never', 'manual')) = 0, NULL, countIf(state IN ('failed', 'stale', 'partial'))) AS "Nguồn" FROM v_source_freshness
