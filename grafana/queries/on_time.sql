SELECT if(sum(done_on_time + done_late) = 0, NULL, 100 * sum(done_on_time) / sum(done_on_time + done_late)) AS "Đúng hạn"
FROM v_dossiers_by_agency
