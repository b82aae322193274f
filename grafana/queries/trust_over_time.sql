SELECT
    toDateTime(toStartOfMonth(period), 'UTC') AS time,
    100 * avg(in_80) AS "Trong khoảng 80%",
    100 * avg(in_95) AS "Trong khoảng 95%",
    80 AS "Mức cần có 80%",
    95 AS "Mức cần có 95%"
FROM v_forecast_scored
WHERE $__timeFilter(time) AND periods_ahead <= 12 AND model NOT LIKE 'naive%'
GROUP BY time
ORDER BY time
