SELECT if(count() = 0, NULL, countIf(state IN ('stopped', 'worse'))) AS value
FROM v_forecast_health
WHERE state != 'few'
