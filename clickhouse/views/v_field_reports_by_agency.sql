-- Phản ánh theo cơ quan xử lý, 90 ngày | field reports of 90 days by the agency that handles them
SELECT
    agency, any(agency_name) AS agency_name, count() AS reported, countIf(state = 'new') AS waiting, countIf(state = 'in_progress') AS in_progress,
    countIf(state = 'overdue') AS overdue, countIf(state = 'answered_on_time') AS answered_on_time, countIf(state = 'answered_late') AS answered_late,
    round(avg(rating), 2) AS mean_rating
FROM {v_field_reports_current}
WHERE reported_at > {moment} - INTERVAL 90 DAY
GROUP BY agency
