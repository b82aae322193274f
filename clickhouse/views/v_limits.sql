-- Giới hạn của quy chuẩn theo thời gian hiệu lực | legal limits with the time they are valid
SELECT source, metric, averaging, limit_low, limit_high, regulation, valid_from, valid_to
FROM {dim_limits}
WHERE loaded_at = (SELECT max(loaded_at) FROM {dim_limits})
