-- Cyber events by the hour, stances by the province's day, what detectors learned, and the views over them (clickhouse/rollups.py, clickhouse/states.py).
-- A bucket whose records are gone stays as a row of zeros, newer than what it replaces; the views leave it out.
CREATE TABLE IF NOT EXISTS ioc.cyber_events_hourly_local ON CLUSTER th
(
    event_type LowCardinality(String) COMMENT 'Loại sự kiện | event type',
    hour DateTime('UTC') COMMENT 'Đầu giờ | start of the hour, UTC' CODEC(Delta, ZSTD(1)),
    sensor LowCardinality(String) COMMENT 'Cảm biến | sensor',
    category LowCardinality(String) COMMENT 'Nhóm | category',
    severity Int64 COMMENT 'Mức của cảm biến, 1 cao nhất, 0 không có | sensor severity' CODEC(T64, ZSTD(1)),
    events UInt32 COMMENT 'Số sự kiện | events' CODEC(T64, ZSTD(1)),
    version DateTime64(6, 'UTC') COMMENT 'Lúc tính | computed' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/cyber_events_hourly', '{replica}', version)
PARTITION BY toYear(hour)
ORDER BY (event_type, hour, sensor, category, severity)
COMMENT 'Sự kiện an ninh mạng theo giờ | cyber events by the hour';

CREATE TABLE IF NOT EXISTS ioc.cyber_events_hourly ON CLUSTER th AS ioc.cyber_events_hourly_local
ENGINE = Distributed('th', 'ioc', 'cyber_events_hourly_local', cityHash64(event_type, sensor, category, severity))
COMMENT 'Sự kiện an ninh mạng theo giờ | cyber events by the hour';

CREATE TABLE IF NOT EXISTS ioc.stances_daily_local ON CLUSTER th
(
    agency LowCardinality(String) COMMENT 'Cơ quan được nói tới | agency id',
    day Date32 COMMENT 'Ngày theo giờ Việt Nam | the province''s day' CODEC(Delta, ZSTD(1)),
    stance LowCardinality(String) COMMENT 'negative, neutral, positive',
    posts UInt32 COMMENT 'Số bài | judged posts' CODEC(T64, ZSTD(1)),
    confidence Float64 COMMENT 'Tổng độ tin cậy | sum of the confidences, 0-1 a post' CODEC(ZSTD(1)),
    version DateTime64(6, 'UTC') COMMENT 'Lúc tính | computed' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/stances_daily', '{replica}', version)
PARTITION BY toYear(day)
ORDER BY (agency, day, stance)
COMMENT 'Thái độ báo chí theo ngày | press stance by day';

CREATE TABLE IF NOT EXISTS ioc.stances_daily ON CLUSTER th AS ioc.stances_daily_local
ENGINE = Distributed('th', 'ioc', 'stances_daily_local', cityHash64(agency, stance))
COMMENT 'Thái độ báo chí theo ngày | press stance by day';

CREATE TABLE IF NOT EXISTS ioc.detector_states_local ON CLUSTER th
(
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    station LowCardinality(String) COMMENT 'Trạm | station code',
    metric LowCardinality(String) COMMENT 'Thông số | metric id',
    newest DateTime64(3, 'UTC') COMMENT 'Số đo mới nhất đã học | time of the newest reading learned' CODEC(Delta, ZSTD(1)),
    version Int64 COMMENT 'Phiên bản của bộ phát hiện | layout and parameters it belongs to',
    state String COMMENT 'Trạng thái | state, binary' CODEC(ZSTD(1)),
    taken_at DateTime64(3, 'UTC') COMMENT 'Lúc chụp | taken' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/detector_states', '{replica}', taken_at)
ORDER BY (source, station, metric)
TTL toDateTime(taken_at) + INTERVAL 90 DAY
COMMENT 'Trạng thái của bộ phát hiện, mỗi chuỗi một dòng | what detectors learned, a row a series';

CREATE TABLE IF NOT EXISTS ioc.detector_states ON CLUSTER th AS ioc.detector_states_local
ENGINE = Distributed('th', 'ioc', 'detector_states_local', cityHash64(source, station, metric))
COMMENT 'Trạng thái của bộ phát hiện, mỗi chuỗi một dòng | what detectors learned, a row a series';

CREATE OR REPLACE VIEW ioc.v_readings_hourly ON CLUSTER th AS
SELECT
    r.source AS source, r.station AS station, r.metric AS metric, r.hour AS hour, r.agency AS agency, r.area AS area, r.unit AS unit,
    r.points AS points, r.usable AS usable, if(r.usable = 0, NULL, r.total / r.usable) AS mean,
    r.lowest AS lowest, r.highest AS highest, r.last_value AS last_value, r.last_at AS last_at,
    if(s.name = '', r.station, s.name) AS station_name,
    if(m.name = '', r.metric, m.name) AS metric_name
FROM (SELECT * FROM ioc.readings_hourly FINAL WHERE points > 0) AS r
LEFT JOIN (SELECT source, code, name FROM ioc.dim_stations FINAL) AS s ON s.source = r.source AND s.code = r.station
LEFT JOIN (SELECT source, id, name FROM ioc.dim_metrics FINAL) AS m ON m.source = r.source AND m.id = r.metric
COMMENT 'Số đo theo giờ, kèm tên | readings by the hour with names';

CREATE OR REPLACE VIEW ioc.v_readings_daily ON CLUSTER th AS
SELECT
    source, station, metric, toDate(hour, 'Asia/Ho_Chi_Minh') AS day, any(agency) AS agency, any(area) AS area, any(unit) AS unit,
    sum(r.points) AS points, sum(r.usable) AS usable, if(sum(r.usable) = 0, NULL, sum(r.total) / sum(r.usable)) AS mean,
    min(r.lowest) AS lowest, max(r.highest) AS highest, argMax(r.last_value, r.last_at) AS last_value
FROM (SELECT * FROM ioc.readings_hourly FINAL WHERE points > 0) AS r
GROUP BY source, station, metric, day
COMMENT 'Số đo theo ngày của tỉnh | readings by the province''s day';

CREATE OR REPLACE VIEW ioc.v_readings_monthly ON CLUSTER th AS
SELECT
    source, station, metric, toStartOfMonth(toDate(hour, 'Asia/Ho_Chi_Minh')) AS month, any(agency) AS agency, any(area) AS area, any(unit) AS unit,
    sum(r.points) AS points, sum(r.usable) AS usable, if(sum(r.usable) = 0, NULL, sum(r.total) / sum(r.usable)) AS mean,
    min(r.lowest) AS lowest, max(r.highest) AS highest, argMax(r.last_value, r.last_at) AS last_value
FROM (SELECT * FROM ioc.readings_hourly FINAL WHERE points > 0) AS r
GROUP BY source, station, metric, month
COMMENT 'Số đo theo tháng của tỉnh | readings by the province''s month';

CREATE OR REPLACE VIEW ioc.v_cyber_hourly ON CLUSTER th AS
SELECT hour, sensor, event_type, category, severity, events
FROM ioc.cyber_events_hourly FINAL
WHERE events > 0
COMMENT 'Sự kiện an ninh mạng theo giờ | cyber events by the hour';

CREATE OR REPLACE VIEW ioc.v_stances_daily ON CLUSTER th AS
SELECT
    d.day AS day, d.agency AS agency, if(g.short = '', d.agency, g.short) AS agency_name, d.stance AS stance,
    d.posts AS posts, d.confidence / d.posts AS confidence
FROM (SELECT * FROM ioc.stances_daily FINAL WHERE posts > 0) AS d
LEFT JOIN (SELECT id, short FROM ioc.dim_agencies FINAL) AS g ON g.id = d.agency
COMMENT 'Thái độ báo chí theo cơ quan và ngày, độ tin cậy trung bình | press stance by agency and day, mean confidence';

