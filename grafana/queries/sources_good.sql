SELECT countIf(state = 'ok') AS "Nguồn" FROM v_source_freshness
