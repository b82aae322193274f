-- Ca bệnh theo tuần khởi phát, bệnh và xã; so với trung bình cùng tuần 5 năm trước (TT 15/2026) | cases by week of onset, disease and commune, held against the same week of the 5 years before
WITH
    weekly AS
    (
        SELECT
            disease, area, toISOYear(toTimeZone(onset_at, 'Asia/Ho_Chi_Minh')) AS year, toISOWeek(toTimeZone(onset_at, 'Asia/Ho_Chi_Minh')) AS week,
            min(toStartOfWeek(toTimeZone(onset_at, 'Asia/Ho_Chi_Minh'), 1)) AS week_start, count() AS cases, countIf(confirmed) AS confirmed, countIf(outcome = 'died') AS died
        FROM {health_cases}
        GROUP BY disease, area, year, week
    ),
    yearly AS
    (
        SELECT disease, area, week, groupArray((year, cases)) AS years, groupArray((year, week_start, cases, confirmed, died)) AS found
        FROM weekly
        GROUP BY disease, area, week
    )
SELECT
    f.2 AS week_start, f.1 AS year, y.week AS week, y.disease AS disease, y.area AS area, n.name AS area_name,
    f.3 AS cases, f.4 AS confirmed, f.5 AS died,
    arrayMap(x -> x.2, arrayFilter(x -> x.1 BETWEEN f.1 - 5 AND f.1 - 1, y.years)) AS past,
    arraySum(past) / 5 AS mean_5_years,
    sqrt(greatest(arraySum(x -> x * x, past) / 5 - mean_5_years * mean_5_years, 0) * 5 / 4) AS sd_5_years,
    multiIf(empty(past), 'no_history', cases > mean_5_years + 2 * sd_5_years, 'above_2_sd', cases > mean_5_years + sd_5_years, 'alert', 'usual') AS state
FROM yearly AS y
ARRAY JOIN y.found AS f
LEFT JOIN {v_area_names n} ON n.code = y.area
