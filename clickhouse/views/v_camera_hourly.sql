-- Sự kiện camera giao thông theo giờ | events of traffic cameras by the hour
SELECT
    camera, event_type, toStartOfHour(occurred_at) AS hour, any(area) AS area, any(agency) AS agency,
    count() AS events, sum(e.vehicles) AS vehicles, round(avg(e.speed_kmh), 1) AS mean_speed_kmh
FROM {camera_events e}
GROUP BY camera, event_type, hour
