-- Where and when a source's anomalies were, each once, to be held against known incidents.
SELECT DISTINCT station, metric, observed_at
FROM anomalies FINAL
WHERE source = {source:String} AND observed_at >= {since:DateTime64(3, 'UTC')}
ORDER BY station, metric, observed_at
