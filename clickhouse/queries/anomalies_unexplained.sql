-- What was found at stations since a time (milliseconds since 1970) and is not known to be an event, the newest first.
SELECT * EXCEPT (_topic, _partition, _offset)
FROM anomalies FINAL
WHERE (source, station) IN {stations:Array(Tuple(String, String))} AND observed_at > fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    AND cause != 'event'
ORDER BY observed_at DESC, event_id
LIMIT {most:UInt32}
