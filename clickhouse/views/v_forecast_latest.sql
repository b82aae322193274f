-- Thực hiện và dự báo mới nhất của chỉ tiêu, khoảng 80 % và 95 %, kế hoạch bình quân kỳ | actual values and the latest forecast with its intervals; plan is the year's target spread evenly over its periods, or its part until then
WITH
    predicted AS
    (
        SELECT f.indicator AS indicator, f.area AS area, f.frequency AS frequency, f.period AS period, f.issued_at AS issued_at,
            f.value AS value, f.low80 AS low80, f.high80 AS high80, f.low95 AS low95, f.high95 AS high95, f.unit AS unit, f.model AS model
        FROM {forecasts f}
        WHERE (f.indicator, f.area, f.issued_at) IN (SELECT indicator, area, issued_at FROM {forecasts_current})
    ),
    every AS
    (
        SELECT indicator, area, frequency, period, unit, CAST(value, 'Nullable(Float64)') AS actual, CAST(NULL, 'Nullable(Float64)') AS forecast,
            CAST(NULL, 'Nullable(Float64)') AS low80, CAST(NULL, 'Nullable(Float64)') AS high80,
            CAST(NULL, 'Nullable(Float64)') AS low95, CAST(NULL, 'Nullable(Float64)') AS high95, '' AS model, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS issued_at
        FROM {indicator_values}
        UNION ALL
        SELECT indicator, area, frequency, period, unit, NULL, value, low80, high80, low95, high95, model, issued_at
        FROM predicted
    ),
    merged AS
    (
        SELECT indicator, area, period, any(e.frequency) AS frequency, any(e.unit) AS unit, any(e.actual) AS actual, any(e.forecast) AS forecast,
            any(e.low80) AS low80, any(e.high80) AS high80, any(e.low95) AS low95, any(e.high95) AS high95, max(e.model) AS model, any(e.issued_at) AS issued_at
        FROM every AS e
        GROUP BY indicator, area, period
    ),
    shaped AS
    (
        SELECT m.*, if(i.name = '', m.indicator, i.name) AS indicator_name, if(i.aggregate = '', 'sum', i.aggregate) AS aggregate, i.direction AS direction,
            multiIf(m.frequency = 'D', 365, m.frequency = 'W', 52, m.frequency = 'M', 12, m.frequency = 'Q', 4, 1) AS periods_a_year,
            multiIf(m.frequency = 'D', toDayOfYear(m.period), m.frequency = 'W', intDiv(toDayOfYear(m.period) + 6, 7), m.frequency = 'M', toMonth(m.period), m.frequency = 'Q', toQuarter(m.period), 1) AS place,
            multiIf(aggregate = 'sum', 1 / periods_a_year, aggregate = 'cumulative', least(place / periods_a_year, 1), 1) AS plan_share
        FROM merged AS m
        LEFT JOIN (SELECT * FROM {dim_indicators}) AS i ON i.id = m.indicator
    )
SELECT
    s.indicator AS indicator, s.indicator_name AS indicator_name, s.area AS area, n.name AS area_name, s.area = '' OR n.level = 'province' AS whole_province, s.frequency AS frequency, s.period AS period,
    s.actual AS actual, s.forecast AS forecast, s.low80 AS low80, s.high80 AS high80, s.low95 AS low95, s.high95 AS high95,
    coalesce(own.target, if(s.area = '' OR n.level = 'province', shipped.target, NULL)) AS year_target,
    year_target * s.plan_share AS plan,
    s.unit AS unit, s.model AS model, s.issued_at AS issued_at, s.direction AS direction
FROM shaped AS s
LEFT JOIN (SELECT indicator, area, year, CAST(target, 'Nullable(Float64)') AS target FROM {v_targets}) AS own
    ON own.indicator = s.indicator AND own.area = s.area AND own.year = toInt32(toYear(s.period))
LEFT JOIN (SELECT indicator, year, CAST(target, 'Nullable(Float64)') AS target FROM {v_targets} WHERE area = '') AS shipped
    ON shipped.indicator = s.indicator AND shipped.year = toInt32(toYear(s.period))
LEFT JOIN {v_area_names n} ON n.code = s.area
