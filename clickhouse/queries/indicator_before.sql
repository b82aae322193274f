-- The newest outlook of every indicator and area that was issued before a moment, and the forecasts issued with it.
WITH past AS
(
    SELECT
        indicator,
        area,
        max(o.issued_at) AS issued_at,
        argMax(year, o.issued_at) AS year,
        argMax(tuple(target), o.issued_at).1 AS target,
        argMax(actual, o.issued_at) AS actual,
        argMax(expected, o.issued_at) AS expected
    FROM outlooks AS o
    WHERE o.issued_at < {before:DateTime64(3, 'UTC')} AND ({indicator:String} = '' OR indicator = {indicator:String})
    GROUP BY indicator, area
)
SELECT
    f.indicator AS indicator,
    f.area AS area,
    f.issued_at AS issued_at,
    any(past.year) AS year,
    any(past.target) AS target,
    any(past.actual) AS actual,
    any(past.expected) AS expected,
    any(f.unit) AS unit,
    f.period AS period,
    any(f.value) AS value,
    any(f.low80) AS low80,
    any(f.high80) AS high80
FROM forecasts AS f
INNER JOIN past ON past.indicator = f.indicator AND past.area = f.area AND past.issued_at = f.issued_at
WHERE (f.indicator, f.area, f.issued_at) IN (SELECT indicator, area, issued_at FROM past)
GROUP BY f.indicator, f.area, f.issued_at, f.period
ORDER BY f.indicator, f.area, f.period
