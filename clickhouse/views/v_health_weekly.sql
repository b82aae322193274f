-- Ca bệnh theo tuần khởi phát, bệnh và xã; so với trung bình cùng tuần 5 năm trước (TT 15/2026) | cases by week of onset, disease and commune, held against the same week of the 5 years before
WITH weekly AS
(
    SELECT
        disease, area, toISOYear(toTimeZone(onset_at, 'Asia/Ho_Chi_Minh')) AS year, toISOWeek(toTimeZone(onset_at, 'Asia/Ho_Chi_Minh')) AS week,
        toStartOfWeek(toTimeZone(onset_at, 'Asia/Ho_Chi_Minh'), 1) AS week_start, count() AS cases, countIf(confirmed) AS confirmed, countIf(outcome = 'died') AS died
    FROM {health_cases}
    GROUP BY disease, area, year, week, week_start
),
past AS
(
    SELECT now.disease AS disease, now.area AS area, now.year AS year, now.week AS week, sum(old.cases) / 5 AS mean,
        sqrt(greatest(sum(old.cases * old.cases) / 5 - mean * mean, 0) * 5 / 4) AS sd, count() AS years
    FROM weekly AS now
    INNER JOIN weekly AS old ON old.disease = now.disease AND old.area = now.area AND old.week = now.week
    WHERE old.year BETWEEN now.year - 5 AND now.year - 1
    GROUP BY disease, area, year, week
)
SELECT
    w.week_start AS week_start, w.year AS year, w.week AS week, w.disease AS disease, w.area AS area, n.name AS area_name,
    w.cases AS cases, w.confirmed AS confirmed, w.died AS died, p.mean AS mean_5_years, p.sd AS sd_5_years,
    multiIf(p.years = 0, 'no_history', w.cases > p.mean + 2 * p.sd, 'above_2_sd', w.cases > p.mean + p.sd, 'alert', 'usual') AS state
FROM weekly AS w
LEFT JOIN past AS p ON p.disease = w.disease AND p.area = w.area AND p.year = w.year AND p.week = w.week
LEFT JOIN {v_area_names n} ON n.code = w.area
