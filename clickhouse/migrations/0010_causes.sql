-- Whether an anomaly is the sensor's or an event: neighbours and the station's other parameters say so. Rows without a
-- cause keep the content hash they had, so that what is filled in again is no new version.
ALTER TABLE {database}.anomalies ADD COLUMN IF NOT EXISTS cause LowCardinality(String) COMMENT 'Nguyên nhân có thể: sensor (thiết bị đo), event (sự kiện thật), rỗng là chưa rõ | probable cause: sensor, event, empty where it is not known' AFTER area;

DROP VIEW IF EXISTS {database}.anomalies_to_history;

ALTER TABLE {database}.anomalies_history ADD COLUMN IF NOT EXISTS cause LowCardinality(String) COMMENT 'Nguyên nhân có thể: sensor (thiết bị đo), event (sự kiện thật), rỗng là chưa rõ | probable cause: sensor, event, empty where it is not known' AFTER area;

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.anomalies_to_history TO {database}.anomalies_history
AS SELECT *, sipHash64(if(cause = '', toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area)), toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area, cause)))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM {database}.anomalies
COMMENT 'Ghi anomalies_history | fills anomalies_history';

INSERT INTO {database}.anomalies_history
SELECT *, sipHash64(if(cause = '', toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area)), toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area, cause)))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM {database}.anomalies;
