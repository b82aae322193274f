SELECT
    concat(indicator_name, if(frequency = 'D', ' (ngày)', if(frequency = 'Q', ' (quý)', if(frequency = 'Y', ' (năm)', '')))) AS "Chỉ tiêu",
    periods_ahead AS "Kỳ đi trước",
    forecasts AS "Số dự báo",
    mean_error_percent AS "Sai số",
    coverage80 AS "Trong 80%",
    coverage95 AS "Trong 95%",
    100 * skill AS "Hơn số cùng kỳ"
FROM v_forecast_accuracy
WHERE (area = '' OR area IN (SELECT code FROM dim_areas FINAL WHERE level = 'province')) AND periods_ahead IN (1, 2, 3, 6, 12)
ORDER BY indicator_name, periods_ahead
LIMIT 60
