-- Everything that people said since a time, also what they replaced, newest first.
SELECT event_id, received_at, source, station, metric, anomaly, detector, observed_at, verdict, note, decided_by, decided_at, agency, area
FROM verdicts FINAL
WHERE decided_at >= {since:DateTime64(3, 'UTC')}
ORDER BY decided_at DESC, event_id
LIMIT {most:UInt32}
