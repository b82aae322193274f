-- One raw table a record, typed, commented, deduplicated by identity. `_topic, _partition, _offset` say which pack a row came with.
CREATE TABLE IF NOT EXISTS ioc.readings_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    station LowCardinality(String) COMMENT 'Trạm | station code',
    metric LowCardinality(String) COMMENT 'Thông số | metric id',
    observed_at DateTime64(3, 'UTC') COMMENT 'Thời điểm đo | event time' CODEC(Delta, ZSTD(1)),
    value Nullable(Float64) COMMENT 'Giá trị | value' CODEC(Gorilla, ZSTD(1)),
    unit LowCardinality(String) COMMENT 'Đơn vị | unit',
    status LowCardinality(String) COMMENT 'Trạng thái thiết bị: ok, calibrating, fault | instrument status',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    raw_time String COMMENT 'Thời gian gốc | time as sent' CODEC(ZSTD(1)),
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/readings', '{replica}', received_at)
PARTITION BY toYYYYMM(observed_at)
ORDER BY (source, metric, station, observed_at, event_id)
COMMENT 'Số đo của trạm, bộ đếm | readings of stations and counters';

CREATE TABLE IF NOT EXISTS ioc.readings ON CLUSTER th AS ioc.readings_local
ENGINE = Distributed('th', 'ioc', 'readings_local', cityHash64(event_id))
COMMENT 'Số đo của trạm, bộ đếm | readings of stations and counters';

CREATE TABLE IF NOT EXISTS ioc.dossiers_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    dossier_code String COMMENT 'Mã hồ sơ | dossier code',
    procedure_code LowCardinality(String) COMMENT 'Mã thủ tục | procedure code',
    procedure_name LowCardinality(String) COMMENT 'Tên thủ tục | procedure',
    field LowCardinality(String) COMMENT 'Lĩnh vực | field',
    agency LowCardinality(String) COMMENT 'Cơ quan giải quyết | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    channel LowCardinality(String) COMMENT 'Kênh nộp | channel',
    service_level LowCardinality(String) COMMENT 'Mức độ dịch vụ | service level',
    submitted_at DateTime64(3, 'UTC') COMMENT 'Ngày tiếp nhận | submitted',
    due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Ngày hẹn trả | due',
    finished_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Ngày trả | finished',
    status Int64 COMMENT 'Mã trạng thái 1-10 | status code',
    status_at DateTime64(3, 'UTC') COMMENT 'Thời điểm đổi trạng thái | event time',
    fee_vnd Nullable(Int64) COMMENT 'Phí, lệ phí (đồng) | fee, VND',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/dossiers', '{replica}', received_at)
PARTITION BY toYYYYMM(status_at)
ORDER BY (dossier_code, status_at, event_id)
COMMENT 'Hồ sơ một cửa, mỗi dòng một trạng thái | one-stop dossiers, a row a status';

CREATE TABLE IF NOT EXISTS ioc.dossiers ON CLUSTER th AS ioc.dossiers_local
ENGINE = Distributed('th', 'ioc', 'dossiers_local', cityHash64(event_id))
COMMENT 'Hồ sơ một cửa, mỗi dòng một trạng thái | one-stop dossiers, a row a status';

CREATE TABLE IF NOT EXISTS ioc.posts_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    outlet LowCardinality(String) COMMENT 'Cơ quan báo chí | outlet',
    url String COMMENT 'Địa chỉ bài | URL',
    title String COMMENT 'Tiêu đề | title' CODEC(ZSTD(3)),
    text String COMMENT 'Nội dung | text' CODEC(ZSTD(3)),
    published_at DateTime64(3, 'UTC') COMMENT 'Lúc đăng | event time',
    language LowCardinality(String) COMMENT 'Ngôn ngữ | language',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/posts', '{replica}', received_at)
PARTITION BY toYYYYMM(published_at)
ORDER BY (event_id)
COMMENT 'Bài báo, bài đăng công khai | press articles and public posts';

CREATE TABLE IF NOT EXISTS ioc.posts ON CLUSTER th AS ioc.posts_local
ENGINE = Distributed('th', 'ioc', 'posts_local', cityHash64(event_id))
COMMENT 'Bài báo, bài đăng công khai | press articles and public posts';

CREATE TABLE IF NOT EXISTS ioc.stances_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc đánh giá | judged',
    post_id String COMMENT 'Bài | event_id of the post',
    agency LowCardinality(String) COMMENT 'Cơ quan được nói tới | agency id',
    stance LowCardinality(String) COMMENT 'negative, neutral, positive',
    confidence Float64 COMMENT 'Độ tin cậy 0-1 | confidence',
    evidence String COMMENT 'Câu làm bằng chứng | the sentence that shows it' CODEC(ZSTD(3)),
    title String COMMENT 'Tiêu đề | title' CODEC(ZSTD(3)),
    url String COMMENT 'Địa chỉ bài | URL',
    outlet LowCardinality(String) COMMENT 'Cơ quan báo chí | outlet',
    model LowCardinality(String) COMMENT 'Mô hình | model',
    published_at DateTime64(3, 'UTC') COMMENT 'Lúc đăng | event time',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/stances', '{replica}', received_at)
PARTITION BY toYYYYMM(published_at)
ORDER BY (agency, published_at, event_id)
COMMENT 'Thái độ của báo chí đối với cơ quan | stance of press towards agencies';

CREATE TABLE IF NOT EXISTS ioc.stances ON CLUSTER th AS ioc.stances_local
ENGINE = Distributed('th', 'ioc', 'stances_local', cityHash64(event_id))
COMMENT 'Thái độ của báo chí đối với cơ quan | stance of press towards agencies';

CREATE TABLE IF NOT EXISTS ioc.indicator_values_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    indicator LowCardinality(String) COMMENT 'Chỉ tiêu | indicator id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    frequency LowCardinality(String) COMMENT 'Kỳ: D, W, M, Q, Y | frequency',
    period Date32 COMMENT 'Ngày đầu kỳ | first day of the period',
    value Float64 COMMENT 'Giá trị | value',
    unit LowCardinality(String) COMMENT 'Đơn vị | unit',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/indicator_values', '{replica}', received_at)
ORDER BY (indicator, area, period, event_id)
COMMENT 'Giá trị chỉ tiêu kinh tế - xã hội | values of indicators';

CREATE TABLE IF NOT EXISTS ioc.indicator_values ON CLUSTER th AS ioc.indicator_values_local
ENGINE = Distributed('th', 'ioc', 'indicator_values_local', cityHash64(event_id))
COMMENT 'Giá trị chỉ tiêu kinh tế - xã hội | values of indicators';

CREATE TABLE IF NOT EXISTS ioc.indicator_targets_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    indicator LowCardinality(String) COMMENT 'Chỉ tiêu | indicator id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    period Date32 COMMENT 'Ngày đầu năm kế hoạch | first day of the planned year',
    target Float64 COMMENT 'Kế hoạch | target',
    unit LowCardinality(String) COMMENT 'Đơn vị | unit',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/indicator_targets', '{replica}', received_at)
ORDER BY (indicator, area, period, event_id)
COMMENT 'Kế hoạch năm của chỉ tiêu | yearly plan of indicators';

CREATE TABLE IF NOT EXISTS ioc.indicator_targets ON CLUSTER th AS ioc.indicator_targets_local
ENGINE = Distributed('th', 'ioc', 'indicator_targets_local', cityHash64(event_id))
COMMENT 'Kế hoạch năm của chỉ tiêu | yearly plan of indicators';

CREATE TABLE IF NOT EXISTS ioc.cyber_events_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    sensor LowCardinality(String) COMMENT 'Cảm biến | sensor',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Lúc xảy ra | event time' CODEC(Delta, ZSTD(1)),
    event_type LowCardinality(String) COMMENT 'Loại sự kiện | event type',
    severity Int64 COMMENT 'Mức của cảm biến, 1 cao nhất, 0 không có | sensor severity',
    signature_id Int64 COMMENT 'Mã dấu hiệu | signature id',
    signature LowCardinality(String) COMMENT 'Dấu hiệu | signature',
    category LowCardinality(String) COMMENT 'Nhóm | category',
    action LowCardinality(String) COMMENT 'Hành động | action',
    src_ip String COMMENT 'IP nguồn | source address',
    src_port Int64 COMMENT 'Cổng nguồn | source port',
    dest_ip String COMMENT 'IP đích | destination address',
    dest_port Int64 COMMENT 'Cổng đích | destination port',
    protocol LowCardinality(String) COMMENT 'Giao thức | protocol',
    app_protocol LowCardinality(String) COMMENT 'Giao thức ứng dụng | application protocol',
    hostname String COMMENT 'Tên máy | host name',
    message String COMMENT 'Nội dung | message' CODEC(ZSTD(3)),
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/cyber_events', '{replica}', received_at)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (event_type, occurred_at, event_id)
COMMENT 'Sự kiện an ninh mạng | cyber events';

CREATE TABLE IF NOT EXISTS ioc.cyber_events ON CLUSTER th AS ioc.cyber_events_local
ENGINE = Distributed('th', 'ioc', 'cyber_events_local', cityHash64(event_id))
COMMENT 'Sự kiện an ninh mạng | cyber events';

CREATE TABLE IF NOT EXISTS ioc.anomalies_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc phát hiện | detected',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    station LowCardinality(String) COMMENT 'Trạm | station code',
    metric LowCardinality(String) COMMENT 'Thông số | metric id',
    observed_at DateTime64(3, 'UTC') COMMENT 'Thời điểm đo | event time',
    since DateTime64(3, 'UTC') COMMENT 'Bất thường từ lúc | since',
    value Float64 COMMENT 'Giá trị | value',
    expected Float64 COMMENT 'Giá trị mong đợi | expected',
    low Float64 COMMENT 'Cận dưới | lower bound',
    high Float64 COMMENT 'Cận trên | upper bound',
    unit LowCardinality(String) COMMENT 'Đơn vị | unit',
    score Float64 COMMENT 'Điểm | score',
    one_in Float64 COMMENT 'Hiếm: 1 trong N | rarity, 1 in N',
    severity LowCardinality(String) COMMENT 'info, warning, critical',
    detector LowCardinality(String) COMMENT 'Bộ phát hiện | detector',
    reason String COMMENT 'Lý do bằng tiếng Việt | reason in Vietnamese',
    evidence Array(String) COMMENT 'Các số đo làm bằng chứng | event_ids of the rows behind it',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/anomalies', '{replica}', received_at)
PARTITION BY toYYYYMM(observed_at)
ORDER BY (source, metric, station, observed_at, event_id)
COMMENT 'Bất thường và lý do | anomalies with their reasons';

CREATE TABLE IF NOT EXISTS ioc.anomalies ON CLUSTER th AS ioc.anomalies_local
ENGINE = Distributed('th', 'ioc', 'anomalies_local', cityHash64(event_id))
COMMENT 'Bất thường và lý do | anomalies with their reasons';

CREATE TABLE IF NOT EXISTS ioc.forecasts_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc lưu | stored',
    indicator LowCardinality(String) COMMENT 'Chỉ tiêu | indicator id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    frequency LowCardinality(String) COMMENT 'Kỳ: D, W, M, Q, Y | frequency',
    period Date32 COMMENT 'Kỳ được dự báo | forecast period',
    issued_at DateTime64(3, 'UTC') COMMENT 'Lúc dự báo | issued',
    value Float64 COMMENT 'Dự báo | forecast',
    low80 Float64 COMMENT 'Cận dưới 80 % | lower 80 %',
    high80 Float64 COMMENT 'Cận trên 80 % | upper 80 %',
    low95 Float64 COMMENT 'Cận dưới 95 % | lower 95 %',
    high95 Float64 COMMENT 'Cận trên 95 % | upper 95 %',
    unit LowCardinality(String) COMMENT 'Đơn vị | unit',
    model LowCardinality(String) COMMENT 'Mô hình | model',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/forecasts', '{replica}', received_at)
ORDER BY (indicator, area, issued_at, period, event_id)
COMMENT 'Dự báo chỉ tiêu | forecasts of indicators';

CREATE TABLE IF NOT EXISTS ioc.forecasts ON CLUSTER th AS ioc.forecasts_local
ENGINE = Distributed('th', 'ioc', 'forecasts_local', cityHash64(event_id))
COMMENT 'Dự báo chỉ tiêu | forecasts of indicators';

CREATE TABLE IF NOT EXISTS ioc.outlooks_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc lưu | stored',
    indicator LowCardinality(String) COMMENT 'Chỉ tiêu | indicator id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    year Int64 COMMENT 'Năm kế hoạch | planned year',
    issued_at DateTime64(3, 'UTC') COMMENT 'Lúc dự báo | event time',
    target Nullable(Float64) COMMENT 'Kế hoạch năm | target',
    actual Float64 COMMENT 'Thực hiện đến nay | actual so far',
    expected Float64 COMMENT 'Dự kiến cả năm | expected for the year',
    low80 Float64 COMMENT 'Cận dưới 80 % | lower 80 %',
    high80 Float64 COMMENT 'Cận trên 80 % | upper 80 %',
    probability Nullable(Float64) COMMENT 'Khả năng đạt kế hoạch 0-1 | odds of meeting the plan',
    needed_per_period Nullable(Float64) COMMENT 'Mức cần mỗi kỳ còn lại | needed in each remaining period',
    unit LowCardinality(String) COMMENT 'Đơn vị | unit',
    explanation String COMMENT 'Giải thích | explanation in Vietnamese',
    model LowCardinality(String) COMMENT 'Mô hình | model',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/outlooks', '{replica}', received_at)
ORDER BY (indicator, area, year, issued_at, event_id)
COMMENT 'Khả năng đạt kế hoạch năm | where the year will end against its plan';

CREATE TABLE IF NOT EXISTS ioc.outlooks ON CLUSTER th AS ioc.outlooks_local
ENGINE = Distributed('th', 'ioc', 'outlooks_local', cityHash64(event_id))
COMMENT 'Khả năng đạt kế hoạch năm | where the year will end against its plan';

CREATE TABLE IF NOT EXISTS ioc.alerts_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc lưu | stored',
    fingerprint String COMMENT 'Dấu nhận dạng để gộp | what makes two alerts the same',
    raised_at DateTime64(3, 'UTC') COMMENT 'Lúc báo | event time',
    severity LowCardinality(String) COMMENT 'info, warning, critical',
    topic LowCardinality(String) COMMENT 'Chủ đề | topic',
    title String COMMENT 'Tiêu đề | title',
    message String COMMENT 'Nội dung | message',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    state LowCardinality(String) COMMENT 'open, acknowledged, closed',
    evidence Array(String) COMMENT 'Bằng chứng | event_ids behind it',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/alerts', '{replica}', received_at)
PARTITION BY toYYYYMM(raised_at)
ORDER BY (raised_at, fingerprint, event_id)
COMMENT 'Cảnh báo | alerts';

CREATE TABLE IF NOT EXISTS ioc.alerts ON CLUSTER th AS ioc.alerts_local
ENGINE = Distributed('th', 'ioc', 'alerts_local', cityHash64(event_id))
COMMENT 'Cảnh báo | alerts';

CREATE TABLE IF NOT EXISTS ioc.dead_letters_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    rejected_at DateTime64(3, 'UTC') COMMENT 'Lúc từ chối | event time',
    field LowCardinality(String) COMMENT 'Trường sai | field at fault',
    reason String COMMENT 'Lý do | reason',
    origin String COMMENT 'Tệp hoặc địa chỉ | file or address',
    position Int64 COMMENT 'Dòng hoặc thứ tự | line or position',
    raw String COMMENT 'Dữ liệu gốc | raw bytes' CODEC(ZSTD(3)),
    replayed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Lúc xử lý lại thành công | when it went through after all',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/dead_letters', '{replica}', received_at)
PARTITION BY toYYYYMM(rejected_at)
ORDER BY (source, event_id)
COMMENT 'Dữ liệu bị từ chối, giữ nguyên bản gốc | rejected input, kept as it came';

CREATE TABLE IF NOT EXISTS ioc.dead_letters ON CLUSTER th AS ioc.dead_letters_local
ENGINE = Distributed('th', 'ioc', 'dead_letters_local', cityHash64(event_id))
COMMENT 'Dữ liệu bị từ chối, giữ nguyên bản gốc | rejected input, kept as it came';

CREATE TABLE IF NOT EXISTS ioc.freshness_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity',
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc lưu | stored',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    checked_at DateTime64(3, 'UTC') COMMENT 'Lúc liên lạc | event time',
    newest_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Sự kiện mới nhất | newest event',
    records Int64 COMMENT 'Số bản ghi | records',
    rejects Int64 COMMENT 'Số bị từ chối | rejects',
    state LowCardinality(String) COMMENT 'ok, partial, failed',
    message String COMMENT 'Ghi chú | message',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition',
    _offset Int64 COMMENT 'Kafka offset'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/freshness', '{replica}', received_at)
PARTITION BY toYYYYMM(checked_at)
ORDER BY (source, checked_at, event_id)
COMMENT 'Lần liên lạc với nguồn | contacts with sources';

CREATE TABLE IF NOT EXISTS ioc.freshness ON CLUSTER th AS ioc.freshness_local
ENGINE = Distributed('th', 'ioc', 'freshness_local', cityHash64(event_id))
COMMENT 'Lần liên lạc với nguồn | contacts with sources';

