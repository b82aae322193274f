-- Hồ sơ theo cơ quan: tiếp nhận 90 ngày và hồ sơ còn mở | dossiers by agency: received within 90 days, and all still open
SELECT
    agency, any(agency_name) AS agency_name,
    count() AS received,
    countIf(state = 'in_progress') AS in_progress,
    countIf(state = 'waiting_for_citizen') AS waiting_for_citizen,
    countIf(state = 'overdue') AS overdue,
    countIf(state = 'done_on_time') AS done_on_time,
    countIf(state = 'done_late') AS done_late,
    countIf(state = 'withdrawn') AS withdrawn,
    if(done_on_time + done_late = 0, NULL, round(100 * done_on_time / (done_on_time + done_late), 1)) AS on_time_percent
FROM {v_dossiers_current}
WHERE submitted_at > {moment} - INTERVAL 90 DAY OR state IN ('in_progress', 'waiting_for_citizen', 'overdue')
GROUP BY agency
