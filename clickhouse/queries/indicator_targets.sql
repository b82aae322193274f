-- The latest received plan of every indicator, area and year.
SELECT
    indicator,
    area,
    toInt32(toYear(t.period)) AS year,
    argMax(target, t.received_at) AS target,
    max(t.received_at) AS received_at
FROM indicator_targets AS t
WHERE {indicator:String} = '' OR indicator = {indicator:String}
GROUP BY indicator, area, year
ORDER BY indicator, area, year
