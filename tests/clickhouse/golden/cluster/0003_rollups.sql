-- Sums by the hour, recomputed from readings FINAL by the workers (clickhouse/rollups.py), never counted up: duplicates and late data stay right.
CREATE TABLE IF NOT EXISTS ioc.readings_hourly_local ON CLUSTER th
(
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    metric LowCardinality(String) COMMENT 'Thông số | metric id',
    station LowCardinality(String) COMMENT 'Trạm | station code',
    hour DateTime('UTC') COMMENT 'Đầu giờ | start of the hour, UTC' CODEC(Delta, ZSTD(1)),
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    unit LowCardinality(String) COMMENT 'Đơn vị | unit',
    points UInt32 COMMENT 'Số số đo | readings' CODEC(T64, ZSTD(1)),
    usable UInt32 COMMENT 'Số số đo dùng được (thiết bị tốt, có giá trị) | readings with status ok and a value' CODEC(T64, ZSTD(1)),
    total Float64 COMMENT 'Tổng giá trị dùng được | sum of the usable values' CODEC(ZSTD(1)),
    lowest Nullable(Float64) COMMENT 'Nhỏ nhất | lowest usable value' CODEC(ZSTD(1)),
    highest Nullable(Float64) COMMENT 'Lớn nhất | highest usable value' CODEC(ZSTD(1)),
    last_value Nullable(Float64) COMMENT 'Giá trị cuối | last usable value' CODEC(ZSTD(1)),
    last_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Lúc đo cuối | time of the last usable value' CODEC(ZSTD(1)),
    version DateTime64(6, 'UTC') COMMENT 'Lúc tính | computed' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/readings_hourly', '{replica}', version)
PARTITION BY toYear(hour)
ORDER BY (source, metric, station, hour)
COMMENT 'Số đo theo giờ | readings by the hour';

CREATE TABLE IF NOT EXISTS ioc.readings_hourly ON CLUSTER th AS ioc.readings_hourly_local
ENGINE = Distributed('th', 'ioc', 'readings_hourly_local', cityHash64(source, metric, station))
COMMENT 'Số đo theo giờ | readings by the hour';

CREATE OR REPLACE VIEW ioc.v_readings_hourly ON CLUSTER th AS
SELECT
    r.source AS source, r.station AS station, r.metric AS metric, r.hour AS hour, r.agency AS agency, r.area AS area, r.unit AS unit,
    r.points AS points, r.usable AS usable, if(r.usable = 0, NULL, r.total / r.usable) AS mean,
    r.lowest AS lowest, r.highest AS highest, r.last_value AS last_value, r.last_at AS last_at,
    if(s.name = '', r.station, s.name) AS station_name,
    if(m.name = '', r.metric, m.name) AS metric_name
FROM ioc.readings_hourly AS r FINAL
LEFT JOIN (SELECT source, code, name FROM ioc.dim_stations FINAL) AS s ON s.source = r.source AND s.code = r.station
LEFT JOIN (SELECT source, id, name FROM ioc.dim_metrics FINAL) AS m ON m.source = r.source AND m.id = r.metric
COMMENT 'Số đo theo giờ, kèm tên | readings by the hour with names';

CREATE OR REPLACE VIEW ioc.v_readings_daily ON CLUSTER th AS
SELECT
    source, station, metric, toDate(hour, 'Asia/Ho_Chi_Minh') AS day, any(agency) AS agency, any(area) AS area, any(unit) AS unit,
    sum(r.points) AS points, sum(r.usable) AS usable, if(sum(r.usable) = 0, NULL, sum(r.total) / sum(r.usable)) AS mean,
    min(r.lowest) AS lowest, max(r.highest) AS highest, argMax(r.last_value, r.last_at) AS last_value
FROM ioc.readings_hourly AS r FINAL
GROUP BY source, station, metric, day
COMMENT 'Số đo theo ngày của tỉnh | readings by the province''s day';

