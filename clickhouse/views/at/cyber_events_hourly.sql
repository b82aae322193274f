-- Sự kiện an ninh mạng theo giờ, tính lại | cyber events by the hour, recomputed from what was known
SELECT event_type, toStartOfHour(occurred_at) AS hour, sensor, category, severity, toUInt32(count()) AS events
FROM {cyber_events e}
GROUP BY event_type, hour, sensor, category, severity
