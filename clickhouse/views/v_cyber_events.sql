-- Sự kiện an ninh mạng không trùng | cyber events without duplicates
SELECT
    event_id, received_at, source, sensor, occurred_at, event_type, severity, signature_id, signature, category, action,
    src_ip, src_port, dest_ip, dest_port, protocol, app_protocol, hostname, message
FROM {cyber_events}
