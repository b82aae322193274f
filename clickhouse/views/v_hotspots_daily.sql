-- Điểm nóng cháy rừng theo ngày và đơn vị hành chính | fires seen by satellites by the province's day and area
SELECT
    toDate(toTimeZone(h.observed_at, 'Asia/Ho_Chi_Minh')) AS day, h.area AS area, any(n.name) AS area_name,
    count() AS hotspots, countIf(h.confidence = 'high') AS high_confidence, max(h.power_mw) AS strongest_mw, max(h.observed_at) AS last_seen_at
FROM {hotspots h}
LEFT JOIN {v_area_names n} ON n.code = h.area
GROUP BY day, area
