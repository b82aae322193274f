-- Anomalies and what was said of them, newest first; all, or those that nobody has judged.
SELECT event_id, observed_at, severity, source, station, metric, station_name, metric_name, detector, reason, verdict, verdict_by
FROM v_anomalies
WHERE observed_at >= {since:DateTime64(3, 'UTC')} AND (NOT {unmarked:UInt8} OR verdict = '') AND startsWith(event_id, {prefix:String})
ORDER BY observed_at DESC, event_id
LIMIT {limit:UInt32}
