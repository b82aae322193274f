-- Whether an anomaly is the sensor's or an event: neighbours and the station's other parameters say so. Rows without a
-- cause keep the content hash they had, so that what is filled in again is no new version.
ALTER TABLE ioc.anomalies_local ON CLUSTER th ADD COLUMN IF NOT EXISTS cause LowCardinality(String) COMMENT 'Nguyên nhân có thể: sensor (thiết bị đo), event (sự kiện thật), rỗng là chưa rõ | probable cause: sensor, event, empty where it is not known' AFTER area;

-- Whether an anomaly is the sensor's or an event: neighbours and the station's other parameters say so. Rows without a
-- cause keep the content hash they had, so that what is filled in again is no new version.
ALTER TABLE ioc.anomalies ON CLUSTER th ADD COLUMN IF NOT EXISTS cause LowCardinality(String) COMMENT 'Nguyên nhân có thể: sensor (thiết bị đo), event (sự kiện thật), rỗng là chưa rõ | probable cause: sensor, event, empty where it is not known' AFTER area;

DROP VIEW IF EXISTS ioc.anomalies_to_history ON CLUSTER th;

ALTER TABLE ioc.anomalies_history_local ON CLUSTER th ADD COLUMN IF NOT EXISTS cause LowCardinality(String) COMMENT 'Nguyên nhân có thể: sensor (thiết bị đo), event (sự kiện thật), rỗng là chưa rõ | probable cause: sensor, event, empty where it is not known' AFTER area;

ALTER TABLE ioc.anomalies_history ON CLUSTER th ADD COLUMN IF NOT EXISTS cause LowCardinality(String) COMMENT 'Nguyên nhân có thể: sensor (thiết bị đo), event (sự kiện thật), rỗng là chưa rõ | probable cause: sensor, event, empty where it is not known' AFTER area;

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.anomalies_to_history ON CLUSTER th TO ioc.anomalies_history
AS SELECT *, sipHash64(if(cause = '', toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area)), toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area, cause)))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.anomalies_local
COMMENT 'Ghi anomalies_history | fills anomalies_history';

INSERT INTO ioc.anomalies_history
SELECT *, sipHash64(if(cause = '', toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area)), toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area, cause)))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.anomalies;

