SELECT countIf(limit_state = 'over') AS "Vượt" FROM v_reading_latest
