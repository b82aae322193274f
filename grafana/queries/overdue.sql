SELECT if(count() = 0, NULL, countIf(state = 'overdue')) AS "Quá hạn" FROM v_dossiers_current
