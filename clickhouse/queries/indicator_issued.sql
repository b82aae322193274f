-- When each series was last forecast, and by what.
SELECT indicator, area, max(f.issued_at) AS issued_at
FROM forecasts AS f
WHERE {indicator:String} = '' OR indicator = {indicator:String}
GROUP BY indicator, area
ORDER BY indicator, area
