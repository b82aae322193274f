-- Kế hoạch năm: bản nhập vào thay danh mục; area rỗng là cả tỉnh theo danh mục | yearly plan: imported before catalogue; an empty area is the catalogue's, for the province
SELECT indicator, area, year, argMax(target, rank) AS target
FROM
(
    SELECT id AS indicator, '' AS area, toInt32(planned.1) AS year, planned.2 AS target, 0 AS rank
    FROM {dim_indicators}
    ARRAY JOIN CAST(targets, 'Array(Tuple(Int32, Float64))') AS planned
    UNION ALL
    SELECT indicator, area, toInt32(toYear(period)) AS year, target, 1 AS rank
    FROM {indicator_targets}
)
GROUP BY indicator, area, year
