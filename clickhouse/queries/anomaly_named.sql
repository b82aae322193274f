-- Anomalies whose identity begins as asked, each once; two are enough to see that it names more than one.
SELECT event_id, source, station, metric, detector, observed_at, agency, area
FROM anomalies FINAL
WHERE startsWith(event_id, {prefix:String})
LIMIT 2
