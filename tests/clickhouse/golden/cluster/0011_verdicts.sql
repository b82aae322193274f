-- What people said of anomalies, of events that were missed, and of series. A verdict is never corrected: a later one is a row of its own, so the past stays known without a history.
CREATE TABLE IF NOT EXISTS ioc.verdicts_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    station LowCardinality(String) COMMENT 'Trạm | station code',
    metric LowCardinality(String) COMMENT 'Thông số | metric id',
    anomaly String COMMENT 'Bất thường được đánh giá, rỗng khi bỏ sót hoặc đặt lại | event_id of the anomaly, empty for missed and reset' CODEC(ZSTD(1)),
    detector LowCardinality(String) COMMENT 'Bộ phát hiện đã báo | detector that told of it',
    observed_at DateTime64(3, 'UTC') COMMENT 'Lúc bất thường, hoặc lúc sự kiện bị bỏ sót | when the anomaly or the missed event was' CODEC(Delta, ZSTD(1)),
    verdict LowCardinality(String) COMMENT 'true (đúng), false (sai), unsure (không rõ), missed (bỏ sót), reset (đặt lại ngưỡng của chuỗi) | reset: what was said of the series before no longer moves its thresholds',
    note String COMMENT 'Ghi chú | note' CODEC(ZSTD(1)),
    decided_by LowCardinality(String) COMMENT 'Người đánh giá (tên đăng nhập) | user who decided',
    decided_at DateTime64(3, 'UTC') COMMENT 'Lúc đánh giá | event time' CODEC(Delta, ZSTD(1)),
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition' CODEC(T64, ZSTD(1)),
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/verdicts', '{replica}', received_at)
ORDER BY (source, metric, station, decided_at, event_id)
COMMENT 'Đánh giá của người trực về bất thường, mỗi dòng một lần đánh giá | what operators said of anomalies, a row a time';

CREATE TABLE IF NOT EXISTS ioc.verdicts ON CLUSTER th AS ioc.verdicts_local
ENGINE = Distributed('th', 'ioc', 'verdicts_local', cityHash64(event_id))
COMMENT 'Đánh giá của người trực về bất thường, mỗi dòng một lần đánh giá | what operators said of anomalies, a row a time';

