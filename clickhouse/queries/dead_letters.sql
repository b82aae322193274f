-- Dead letters that nobody has replayed yet, newest first; an empty source means all, `size` is of the raw bytes.
SELECT event_id, rejected_at, source, field, reason, origin, position, length(raw) AS size
FROM dead_letters FINAL
WHERE replayed_at IS NULL AND ({source:String} = '' OR source = {source:String})
ORDER BY rejected_at DESC, origin, position
LIMIT {limit:UInt32}
