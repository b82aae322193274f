-- Đơn vị hành chính theo thời gian hiệu lực | administrative units with the time they are valid
SELECT
    a.code AS code, a.name AS name, a.level AS level, a.parent AS parent, p.name AS parent_name, a.lat AS lat, a.lon AS lon, a.area_km2 AS area_km2,
    a.valid_from AS valid_from, a.valid_to AS valid_to
FROM {dim_areas a}
LEFT JOIN {v_area_names p} ON p.code = a.parent
