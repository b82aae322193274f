SELECT countIf(state = 'overdue') AS "Quá hạn" FROM v_dossiers_current
