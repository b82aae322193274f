-- Ngày có trung bình 24 giờ vượt giới hạn đang có hiệu lực vào ngày đó | station-days whose mean was beyond the daily limit in force on that day
SELECT
    d.source AS source, d.station AS station, d.metric AS metric, d.day AS day, d.mean AS mean, d.unit AS unit,
    l.limit_low AS limit_low, l.limit_high AS limit_high, l.regulation AS regulation, d.agency AS agency, d.area AS area
FROM {v_readings_daily d}
INNER JOIN {v_limits l} ON l.source = d.source AND l.metric = d.metric
WHERE l.averaging = '24h' AND d.mean IS NOT NULL AND toDate32(d.day) BETWEEN l.valid_from AND l.valid_to
    AND (d.mean > ifNull(l.limit_high, inf) OR d.mean < ifNull(l.limit_low, -inf))
