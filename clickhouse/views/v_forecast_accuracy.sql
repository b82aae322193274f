-- Dự báo đã qua so với thực hiện: sai số, độ phủ, so với lấy số cùng kỳ đã biết lúc dự báo, theo số kỳ đi trước | past forecasts held against what came: error, coverage and skill over the seasonal naive of their time, by periods ahead
SELECT
    s.indicator AS indicator, any(if(i.name = '', s.indicator, i.name)) AS indicator_name, s.area AS area, s.frequency AS frequency, s.periods_ahead AS periods_ahead,
    count() AS forecasts, avg(s.error) AS mean_error, 100 * avg(if(s.actual = 0, NULL, s.error / abs(s.actual))) AS mean_error_percent,
    round(100 * avg(s.in_80), 1) AS coverage80, round(100 * avg(s.in_95), 1) AS coverage95,
    1 - sumIf(s.error, s.naive_error IS NOT NULL) / nullIf(sum(s.naive_error), 0) AS skill
FROM {v_forecast_scored s}
LEFT JOIN (SELECT id, name FROM {dim_indicators}) AS i ON i.id = s.indicator
GROUP BY indicator, area, frequency, periods_ahead
