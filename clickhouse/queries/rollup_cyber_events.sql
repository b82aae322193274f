-- The hours of these event types from {since} until {until}, from what is stored now. A corrected event may have left its sensor, category
-- or severity, so every bucket that was there takes part with nothing in it.
INSERT INTO cyber_events_hourly
SELECT event_type, hour, sensor, category, severity, sum(events), fromUnixTimestamp64Micro({version:Int64}, 'UTC')
FROM
(
    SELECT event_type, toStartOfHour(occurred_at) AS hour, sensor, category, severity, 1 AS events
    FROM cyber_events FINAL
    WHERE event_type IN {event_type:Array(String)}
        AND occurred_at >= {since:DateTime64(3, 'UTC')} AND occurred_at < {until:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT event_type, hour, sensor, category, severity, 0 AS events
    FROM cyber_events_hourly
    WHERE event_type IN {event_type:Array(String)}
        AND hour >= {since:DateTime64(3, 'UTC')} AND hour < {until:DateTime64(3, 'UTC')}
)
GROUP BY event_type, hour, sensor, category, severity
