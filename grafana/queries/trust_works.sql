SELECT if(count() = 0, NULL, countIf(state = 'works')) AS value
FROM v_forecast_health
WHERE state != 'few'
