-- Whose a series is; no row where nothing was ever received of it.
SELECT agency, area
FROM readings
WHERE source = {source:String} AND metric = {metric:String} AND station = {station:String}
ORDER BY observed_at DESC
LIMIT 1
