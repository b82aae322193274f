-- Nhiệm vụ theo cơ quan chủ trì | tasks by the agency in the lead
SELECT
    agency, any(agency_name) AS agency_name, count() AS given,
    countIf(state = 'not_started') AS not_started, countIf(state = 'in_progress') AS in_progress, countIf(state = 'overdue') AS overdue,
    countIf(state = 'paused') AS paused, countIf(state = 'done_on_time') AS done_on_time, countIf(state = 'done_late') AS done_late,
    if(done_on_time + done_late + overdue = 0, NULL, round(100 * done_on_time / (done_on_time + done_late + overdue), 1)) AS on_time_percent
FROM {v_tasks_current}
GROUP BY agency
