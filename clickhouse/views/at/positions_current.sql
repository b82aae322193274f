-- Vị trí mới nhất đã biết | latest known position of every vehicle and vessel
SELECT object_type, object_id, observed_at, source, operator, business_type, lat, lon, speed_kmh, heading, alarm, zone, agency, area
FROM {positions p}
ORDER BY observed_at DESC
LIMIT 1 BY object_type, object_id
