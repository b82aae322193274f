-- Lần dự báo cuối đã biết | last known issue of every forecast
SELECT indicator, area, max(f.issued_at) AS issued_at
FROM {forecasts f}
GROUP BY indicator, area
