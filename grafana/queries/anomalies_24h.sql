SELECT if((SELECT count() FROM readings) = 0, NULL, count()) AS "Bất thường"
FROM v_anomalies
WHERE observed_at > now64(3, 'UTC') - INTERVAL 1 DAY
