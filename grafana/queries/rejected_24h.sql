SELECT if((SELECT count() FROM freshness) = 0, NULL, count()) AS "Từ chối"
FROM v_dead_letters
WHERE rejected_at > now64(3, 'UTC') - INTERVAL 1 DAY
