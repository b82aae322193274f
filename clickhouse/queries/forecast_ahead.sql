-- What is forecast of an indicator's periods that have not come: its latest issue in every area.
SELECT indicator, area, period, forecast AS value, low80, high80, low95, high95, unit, model, v.issued_at AS issued_at
FROM v_forecast_latest AS v
WHERE indicator = {indicator:String} AND forecast IS NOT NULL AND actual IS NULL
ORDER BY area, period
