-- The last days of readings_hourly once more, for the wall: there they lie scattered over every series' years, here together.
CREATE TABLE IF NOT EXISTS ioc.readings_lately_local ON CLUSTER th
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
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/readings_lately', '{replica}', version)
PARTITION BY toDate(hour)
ORDER BY (source, metric, station, hour)
TTL hour + INTERVAL 4 DAY
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Số đo theo giờ của bốn ngày qua | readings by the hour of the last four days';

CREATE TABLE IF NOT EXISTS ioc.readings_lately ON CLUSTER th AS ioc.readings_lately_local
ENGINE = Distributed('th', 'ioc', 'readings_lately_local', cityHash64(source, metric, station))
COMMENT 'Số đo theo giờ của bốn ngày qua | readings by the hour of the last four days';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.readings_hourly_to_lately ON CLUSTER th TO ioc.readings_lately
AS SELECT source, metric, station, hour, agency, area, unit, points, usable, total, lowest, highest, last_value, last_at, version
FROM ioc.readings_hourly_local
WHERE hour > now() - INTERVAL 4 DAY
COMMENT 'Ghi readings_lately | fills readings_lately';

INSERT INTO ioc.readings_lately
SELECT source, metric, station, hour, agency, area, unit, points, usable, total, lowest, highest, last_value, last_at, version
FROM ioc.readings_hourly FINAL
WHERE hour > now() - INTERVAL 4 DAY;

