SELECT countIf(state = 'open') AS "Cảnh báo" FROM v_alerts
