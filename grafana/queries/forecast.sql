SELECT
    toDateTime(period, 'UTC') AS time,
    actual AS "Thực hiện",
    plan AS "Kế hoạch",
    coalesce(forecast, joined) AS "Dự báo",
    coalesce(high95, joined) AS "Cao 95%",
    coalesce(low95, joined) AS "Thấp 95%",
    coalesce(high80, joined) AS "Cao 80%",
    coalesce(low80, joined) AS "Thấp 80%"
FROM
(
    SELECT *, if(period = max(if(actual IS NULL, NULL, period)) OVER (), actual, NULL) AS joined
    FROM v_forecast_latest
    WHERE indicator = {indicator} AND whole_province
)
WHERE $__timeFilter(time)
ORDER BY time
