-- Tên mới nhất của đơn vị hành chính | latest name of every administrative unit
SELECT code, argMax(name, (valid_from, loaded_at)) AS name, argMax(level, (valid_from, loaded_at)) AS level
FROM {dim_areas}
GROUP BY code
