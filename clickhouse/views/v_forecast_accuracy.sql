-- Dự báo đã qua so với thực hiện: sai số, độ phủ, so với cùng kỳ năm trước, theo số kỳ đi trước | past forecasts held against what came: error, coverage and skill over the same period a year before, by periods ahead
WITH
    actual AS (SELECT indicator, area, frequency, period, v.value AS value FROM {indicator_values v}),
    scored AS
    (
        SELECT
            f.indicator AS indicator, f.area AS area, f.frequency AS frequency, f.model AS model, f.period AS period, f.issued_at AS issued_at,
            dense_rank() OVER (PARTITION BY f.indicator, f.area, f.issued_at ORDER BY f.period) AS periods_ahead,
            a.value AS value, abs(a.value - f.value) AS error, abs(a.value - y.value) AS naive_error, y.indicator != '' AS has_naive,
            a.value BETWEEN f.low80 AND f.high80 AS in_80, a.value BETWEEN f.low95 AND f.high95 AS in_95
        FROM {forecasts f}
        INNER JOIN actual AS a ON a.indicator = f.indicator AND a.area = f.area AND a.frequency = f.frequency AND a.period = f.period
        LEFT JOIN actual AS y ON y.indicator = f.indicator AND y.area = f.area AND y.frequency = f.frequency AND y.period = addYears(f.period, -1)
    )
SELECT
    s.indicator AS indicator, any(if(i.name = '', s.indicator, i.name)) AS indicator_name, s.area AS area, s.frequency AS frequency, s.periods_ahead AS periods_ahead,
    count() AS forecasts, avg(s.error) AS mean_error, 100 * avg(if(s.value = 0, NULL, s.error / abs(s.value))) AS mean_error_percent,
    round(100 * avg(s.in_80), 1) AS coverage80, round(100 * avg(s.in_95), 1) AS coverage95,
    1 - sumIf(s.error, s.has_naive) / nullIf(sumIf(s.naive_error, s.has_naive), 0) AS skill
FROM scored AS s
LEFT JOIN (SELECT id, name FROM {dim_indicators}) AS i ON i.id = s.indicator
GROUP BY indicator, area, frequency, periods_ahead
