SELECT uniqExact(event_id) AS "Số đo" FROM readings WHERE received_at > now64(3, 'UTC') - INTERVAL 1 HOUR
