SELECT if(sum(periods) = 0, NULL, sum(coverage80 * periods) / sum(periods)) AS value
FROM v_forecast_health
