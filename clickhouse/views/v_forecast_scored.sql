-- Từng dự báo đã có kết quả: sai số, có nằm trong khoảng không, và sai số nếu chỉ lấy số cùng kỳ đã biết lúc dự báo | every past forecast whose period has come, beside the seasonal naive of the time of its issue
WITH
    actual AS (SELECT indicator, area, frequency, period, v.value AS value FROM {indicator_values v}),
    issued AS
    (
        SELECT
            f.indicator AS indicator, f.area AS area, f.frequency AS frequency, f.period AS period, f.issued_at AS issued_at, f.model AS model, f.unit AS unit,
            f.value AS value, f.low80 AS low80, f.high80 AS high80, f.low95 AS low95, f.high95 AS high95,
            dense_rank() OVER (PARTITION BY f.indicator, f.area, f.issued_at ORDER BY f.period) AS periods_ahead,
            min(f.period) OVER (PARTITION BY f.indicator, f.area, f.issued_at) AS first_period
        FROM {forecasts f}
    ),
    placed AS
    (
        SELECT
            i.*,
            multiIf(
                i.frequency = 'D', subtractDays(i.period, 7 * (intDiv(dateDiff('day', i.first_period, i.period), 7) + 1)),
                i.frequency = 'W', subtractDays(i.period, 364 * (intDiv(dateDiff('day', i.first_period, i.period), 364) + 1)),
                subtractYears(i.period, intDiv(dateDiff('month', i.first_period, i.period), 12) + 1)
            ) AS naive_period
        FROM issued AS i
    )
SELECT
    p.indicator AS indicator, p.area AS area, p.frequency AS frequency, p.period AS period, p.issued_at AS issued_at, p.periods_ahead AS periods_ahead, p.model AS model, p.unit AS unit,
    a.value AS actual, p.value AS forecast, p.low80 AS low80, p.high80 AS high80, p.low95 AS low95, p.high95 AS high95,
    abs(a.value - p.value) AS error, if(y.indicator = '', NULL, abs(a.value - y.value)) AS naive_error,
    a.value BETWEEN p.low80 AND p.high80 AS in_80, a.value BETWEEN p.low95 AND p.high95 AS in_95, endsWith(p.model, '+past') AS replayed
FROM placed AS p
INNER JOIN actual AS a ON a.indicator = p.indicator AND a.area = p.area AND a.frequency = p.frequency AND a.period = p.period
LEFT JOIN actual AS y ON y.indicator = p.indicator AND y.area = p.area AND y.frequency = p.frequency AND y.period = p.naive_period
