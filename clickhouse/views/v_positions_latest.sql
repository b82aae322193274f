-- Vị trí mới nhất của phương tiện, tàu cá và thời gian im lặng | the latest position of every vehicle and vessel, and how long it has been silent
SELECT
    object_type, object_id, observed_at, source, operator, business_type, lat, lon, speed_kmh, heading, alarm, zone, agency, area,
    dateDiff('second', observed_at, {moment}) AS silent_s
FROM {positions_current}
