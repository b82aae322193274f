-- The latest received value of every period of every indicator and area; by series and period.
SELECT
    indicator,
    area,
    frequency,
    v.period AS period,
    argMax(value, v.received_at) AS value,
    argMax(unit, v.received_at) AS unit,
    max(v.received_at) AS received_at
FROM indicator_values AS v
WHERE {indicator:String} = '' OR indicator = {indicator:String}
GROUP BY indicator, area, frequency, v.period
ORDER BY indicator, area, frequency, v.period
