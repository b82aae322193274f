-- The hours that hold cyber events, or held some, between two instants, as `clickhouse.rollups.touched` names them.
SELECT DISTINCT event_type, toInt32(intDiv(toUnixTimestamp(hour), 3600)) AS bucket
FROM
(
    SELECT event_type, toStartOfHour(occurred_at) AS hour FROM cyber_events
    WHERE occurred_at >= {since:DateTime64(3, 'UTC')} AND occurred_at < {until:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT event_type, hour FROM cyber_events_hourly
    WHERE hour >= {since:DateTime64(3, 'UTC')} AND hour < {until:DateTime64(3, 'UTC')}
)
