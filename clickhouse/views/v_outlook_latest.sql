-- Khả năng đạt kế hoạch năm, lần dự báo mới nhất; on_track từ 70 %, at_risk từ 30 % | the latest outlook of the newest year of every indicator
WITH latest AS
(
    SELECT
        indicator, area, argMax(year, (year, o.issued_at)) AS year, argMax(o.issued_at, (o.year, o.issued_at)) AS issued_at,
        argMax(tuple(target), (o.year, o.issued_at)).1 AS target, argMax(actual, (o.year, o.issued_at)) AS actual,
        argMax(expected, (o.year, o.issued_at)) AS expected, argMax(low80, (o.year, o.issued_at)) AS low80, argMax(high80, (o.year, o.issued_at)) AS high80,
        argMax(tuple(probability), (o.year, o.issued_at)).1 AS probability, argMax(tuple(needed_per_period), (o.year, o.issued_at)).1 AS needed_per_period,
        argMax(unit, (o.year, o.issued_at)) AS unit, argMax(explanation, (o.year, o.issued_at)) AS explanation, argMax(model, (o.year, o.issued_at)) AS model
    FROM {outlooks o}
    GROUP BY indicator, area
)
SELECT
    l.*, if(i.name = '', l.indicator, i.name) AS indicator_name, n.name AS area_name, l.area = '' OR n.level = 'province' AS whole_province, i.decimals AS decimals, i.direction AS direction, i.on_wall AS on_wall,
    100 * l.actual / nullIf(l.target, 0) AS actual_percent,
    100 * l.expected / nullIf(l.target, 0) AS expected_percent,
    multiIf(l.probability IS NULL, 'no_plan', l.probability >= 0.7, 'on_track', l.probability >= 0.3, 'at_risk', 'off_track') AS state
FROM latest AS l
LEFT JOIN (SELECT id, name, decimals, direction, on_wall FROM {dim_indicators}) AS i ON i.id = l.indicator
LEFT JOIN {v_area_names n} ON n.code = l.area
