SELECT count() AS "Số đo" FROM v_readings WHERE received_at > now64(3, 'UTC') - INTERVAL 1 HOUR
