-- Dữ liệu bị từ chối và lý do, không kèm bản gốc vì có thể chứa dữ liệu cá nhân | rejected input without its raw bytes, which may hold personal data
SELECT
    x.event_id AS event_id, x.received_at AS received_at, x.source AS source, if(d.name = '', x.source, d.name) AS source_name,
    x.rejected_at AS rejected_at, x.field AS field, x.reason AS reason, x.origin AS origin, x.position AS position, x.replayed_at AS replayed_at
FROM {dead_letters x}
LEFT JOIN (SELECT id, name FROM {dim_sources}) AS d ON d.id = x.source
