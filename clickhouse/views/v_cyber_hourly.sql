-- Sự kiện an ninh mạng theo giờ | cyber events by the hour
SELECT hour, sensor, event_type, category, severity, events
FROM {cyber_events_hourly}
WHERE events > 0
