-- Tàu cá mất tín hiệu từ 2 giờ: từ 6 giờ phải báo, từ 10 ngày phải vào bờ | fishing vessels silent for 2 hours; 6 hours are to be reported, 10 days mean return to port (ND 26/2019, TT 21/2018)
SELECT
    object_id AS vessel, operator, observed_at AS last_seen_at, lat, lon, speed_kmh, zone, area, agency, round(silent_s / 3600, 1) AS silent_h,
    multiIf(silent_s >= 10 * 86400, 'ten_days', silent_s >= 6 * 3600, 'six_hours', 'late') AS state
FROM {v_positions_latest}
WHERE object_type = 'vessel' AND silent_s >= 2 * 3600
