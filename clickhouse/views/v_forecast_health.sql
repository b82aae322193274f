-- Dự báo của chỉ tiêu nào còn tin được: độ phủ của các kỳ gần đây (kiểm định nhị thức) và so với lấy số cùng kỳ | whether an indicator's forecasts still work: coverage of its latest periods by a binomial test, and skill over the seasonal naive
WITH
    recent AS
    (
        SELECT
            s.*, max(s.period) OVER (PARTITION BY s.indicator, s.area) AS newest,
            max(s.issued_at) OVER (PARTITION BY s.indicator, s.area, s.period) AS last_issue
        FROM {v_forecast_scored s}
    ),
    counted AS
    (
        SELECT
            r.indicator AS indicator, r.area AS area, any(r.frequency) AS frequency, any(r.unit) AS unit, max(r.period) AS last_period,
            countIf(r.issued_at = r.last_issue) AS periods,
            countIf(r.issued_at = r.last_issue AND r.in_80) AS hits80, countIf(r.issued_at = r.last_issue AND r.in_95) AS hits95,
            countIf(r.issued_at = r.last_issue AND r.replayed) AS replayed, count() AS forecasts, avg(r.error) AS mean_error,
            1 - sumIf(r.error, r.naive_error IS NOT NULL) / nullIf(sum(r.naive_error), 0) AS skill
        FROM recent AS r
        WHERE r.model NOT LIKE 'naive%' AND r.period > multiIf(
            r.frequency = 'D', subtractDays(r.newest, 90), r.frequency = 'Q', subtractYears(r.newest, 3),
            r.frequency = 'Y', subtractYears(r.newest, 10), subtractYears(r.newest, 1))
        GROUP BY indicator, area
    ),
    tested AS
    (
        SELECT
            c.*,
            least(1, arraySum(k -> exp(lgamma(c.periods + 1) - lgamma(k + 1) - lgamma(c.periods - k + 1) + k * log(0.8) + (c.periods - k) * log(0.2)), range(c.hits80 + 1))) AS chance80,
            least(1, arraySum(k -> exp(lgamma(c.periods + 1) - lgamma(k + 1) - lgamma(c.periods - k + 1) + k * log(0.95) + (c.periods - k) * log(0.05)), range(c.hits95 + 1))) AS chance95
        FROM counted AS c
    )
SELECT
    t.indicator AS indicator, if(i.name = '', t.indicator, i.name) AS indicator_name, t.area AS area, n.name AS area_name, t.frequency AS frequency, t.unit AS unit,
    t.last_period AS last_period, t.periods AS periods, t.replayed AS replayed, t.forecasts AS forecasts, t.mean_error AS mean_error,
    round(100 * t.hits80 / nullIf(t.periods, 0), 1) AS coverage80, round(100 * t.hits95 / nullIf(t.periods, 0), 1) AS coverage95,
    t.chance80 AS chance80, t.chance95 AS chance95, t.skill AS skill,
    multiIf(t.periods < 6, 'few', t.chance80 < 0.01 OR t.chance95 < 0.01, 'stopped', t.skill < 0, 'worse', 'works') AS state
FROM tested AS t
LEFT JOIN (SELECT id, name FROM {dim_indicators}) AS i ON i.id = t.indicator
LEFT JOIN {v_area_names n} ON n.code = t.area
