SELECT
    concat(indicator_name, if(area_name = '' OR whole_province, '', concat(' · ', area_name)), if(unit = '', '', concat(' (', unit, ')'))) AS "Chỉ tiêu",
    toDateTime(period, 'UTC') AS "Kỳ",
    forecast AS "Dự báo",
    low80 AS "Thấp 80%",
    high80 AS "Cao 80%",
    low95 AS "Thấp 95%",
    high95 AS "Cao 95%"
FROM v_forecast_latest
WHERE forecast IS NOT NULL AND actual IS NULL
ORDER BY indicator_name, area_name, period
LIMIT 3 BY indicator, area
LIMIT 90
