-- Giờ có trung bình vượt giới hạn tức thời hoặc 1 giờ đang có hiệu lực vào giờ đó | station-hours whose mean was beyond the instant or hourly limit in force at that hour
SELECT
    h.source AS source, h.station AS station, h.station_name AS station_name, h.metric AS metric, h.metric_name AS metric_name, h.hour AS hour,
    h.mean AS mean, h.unit AS unit, l.limit_low AS limit_low, l.limit_high AS limit_high, l.averaging AS averaging, l.regulation AS regulation,
    h.agency AS agency, h.area AS area
FROM {v_readings_hourly h}
INNER JOIN {v_limits l} ON l.source = h.source AND l.metric = h.metric
WHERE l.averaging IN ('instant', '1h') AND h.mean IS NOT NULL AND toDate32(h.hour, 'Asia/Ho_Chi_Minh') BETWEEN l.valid_from AND l.valid_to
    AND (h.mean > ifNull(l.limit_high, inf) OR h.mean < ifNull(l.limit_low, -inf))
