-- Dead letters with their raw bytes in base64 (they need not be text): those whose identity begins as asked, or all that wait of one source.
SELECT event_id, received_at, rejected_at, source, field, reason, origin, position, base64Encode(raw) AS raw, replayed_at
FROM dead_letters FINAL
WHERE ({prefix:String} != '' AND startsWith(event_id, {prefix:String}))
   OR ({source:String} != '' AND source = {source:String} AND replayed_at IS NULL)
ORDER BY rejected_at, origin, position
LIMIT {limit:UInt32}
