-- Thái độ báo chí theo cơ quan và tuần (từ thứ Hai) | press stance by agency and week from Monday
SELECT
    agency, any(agency_name) AS agency_name, toStartOfWeek(toTimeZone(published_at, 'Asia/Ho_Chi_Minh'), 1) AS week,
    countIf(stance = 'negative') AS negative, countIf(stance = 'neutral') AS neutral, countIf(stance = 'positive') AS positive, count() AS total
FROM {v_stances}
GROUP BY agency, week
