-- Legal limits with their validity, and sums by the minute, for charts of hours and days; recomputed like those by the hour, kept for IOC_KEEP_MINUTES_DAYS.
CREATE TABLE IF NOT EXISTS ioc.readings_minutely_local ON CLUSTER th
(
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    metric LowCardinality(String) COMMENT 'Thông số | metric id',
    station LowCardinality(String) COMMENT 'Trạm | station code',
    minute DateTime('UTC') COMMENT 'Đầu phút | start of the minute, UTC' CODEC(Delta, ZSTD(1)),
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    unit LowCardinality(String) COMMENT 'Đơn vị | unit',
    points UInt32 COMMENT 'Số số đo | readings' CODEC(T64, ZSTD(1)),
    usable UInt32 COMMENT 'Số số đo dùng được (thiết bị tốt, có giá trị) | readings with status ok and a value' CODEC(T64, ZSTD(1)),
    total Float64 COMMENT 'Tổng giá trị dùng được | sum of the usable values' CODEC(ZSTD(1)),
    lowest Nullable(Float64) COMMENT 'Nhỏ nhất | lowest usable value' CODEC(ZSTD(1)),
    highest Nullable(Float64) COMMENT 'Lớn nhất | highest usable value' CODEC(ZSTD(1)),
    version DateTime64(6, 'UTC') COMMENT 'Lúc tính | computed' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/readings_minutely', '{replica}', version)
PARTITION BY toMonday(minute)
ORDER BY (source, metric, station, minute)
SETTINGS index_granularity = 1024
COMMENT 'Số đo theo phút | readings by the minute';

CREATE TABLE IF NOT EXISTS ioc.readings_minutely ON CLUSTER th AS ioc.readings_minutely_local
ENGINE = Distributed('th', 'ioc', 'readings_minutely_local', cityHash64(source, metric, station))
COMMENT 'Số đo theo phút | readings by the minute';

CREATE TABLE IF NOT EXISTS ioc.dim_limits ON CLUSTER th
(
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    metric LowCardinality(String) COMMENT 'Thông số | metric id',
    averaging LowCardinality(String) COMMENT 'Trung bình theo: instant, 1h, 8h, 24h, year | averaging time of the limit',
    valid_from Date32 COMMENT 'Có hiệu lực từ | valid from',
    valid_to Date32 COMMENT 'Có hiệu lực đến | valid to',
    limit_low Nullable(Float64) COMMENT 'Giới hạn dưới | lower legal limit',
    limit_high Nullable(Float64) COMMENT 'Giới hạn trên | upper legal limit',
    regulation String COMMENT 'Quy chuẩn | regulation',
    loaded_at DateTime64(3, 'UTC') COMMENT 'Lúc nạp danh mục | loaded'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/all/ioc/dim_limits', '{shard}-{replica}', loaded_at)
ORDER BY (source, metric, averaging, valid_from)
COMMENT 'Giới hạn của quy chuẩn theo thời gian | legal limits over time';

