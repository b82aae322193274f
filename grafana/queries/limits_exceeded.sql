SELECT if(count() = 0, NULL, countIf(limit_state = 'over')) AS "Vượt" FROM v_reading_latest
