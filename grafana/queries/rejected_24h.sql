SELECT count() AS "Từ chối" FROM v_dead_letters WHERE replayed_at IS NULL AND rejected_at > now64(3, 'UTC') - INTERVAL 1 DAY
