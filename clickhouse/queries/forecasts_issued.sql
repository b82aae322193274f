-- When each series was first forecast in earnest, and for which moments afterwards, by models whose name ends with a mark.
SELECT
    indicator,
    area,
    minIf(f.issued_at, NOT endsWith(model, {any:String})) AS first,
    countIf(NOT endsWith(model, {any:String})) > 0 AS earnest,
    groupUniqArrayIf(f.issued_at, endsWith(model, {mark:String})) AS replayed
FROM forecasts AS f
WHERE {indicator:String} = '' OR indicator = {indicator:String}
GROUP BY indicator, area
ORDER BY indicator, area
