-- When each series was last forecast, and by what.
SELECT indicator, area, max(f.issued_at) AS issued_at, argMax(model, f.issued_at) AS model
FROM forecasts AS f
WHERE {indicator:String} = '' OR indicator = {indicator:String}
GROUP BY indicator, area
ORDER BY indicator, area
