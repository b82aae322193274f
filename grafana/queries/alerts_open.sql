SELECT if((SELECT count() FROM freshness) = 0, NULL, countIf(state = 'open')) AS "Cảnh báo" FROM v_alerts
