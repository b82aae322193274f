SELECT count() AS "Tiếp nhận" FROM v_dossiers_current WHERE submitted_at > now64(3, 'UTC') - INTERVAL 1 DAY
