-- The records of the plan's other systems: tasks, field reports, positions, cameras, forests, health, incidents. One table a record, as in 0001.
CREATE TABLE IF NOT EXISTS ioc.tasks_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    task_code String COMMENT 'Mã nhiệm vụ | task code' CODEC(ZSTD(1)),
    document_no String COMMENT 'Số văn bản | document number' CODEC(ZSTD(1)),
    document_date Nullable(Date32) COMMENT 'Ngày văn bản | document date',
    title String COMMENT 'Trích yếu | title' CODEC(ZSTD(1)),
    assigned_by LowCardinality(String) COMMENT 'Đơn vị giao | who assigned it',
    agency LowCardinality(String) COMMENT 'Đơn vị chủ trì | agency id in the lead',
    supporting Array(String) COMMENT 'Đơn vị phối hợp | supporting agency ids',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    assigned_at DateTime64(3, 'UTC') COMMENT 'Lúc giao | assigned' CODEC(Delta, ZSTD(1)),
    due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Hạn | due' CODEC(ZSTD(1)),
    finished_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Lúc hoàn thành | finished' CODEC(ZSTD(1)),
    progress Float64 COMMENT 'Tiến độ (%) | progress, %',
    status LowCardinality(String) COMMENT 'assigned, accepted, in_progress, awaiting_approval, done, paused, forwarded',
    status_at DateTime64(3, 'UTC') COMMENT 'Thời điểm đổi trạng thái | event time' CODEC(Delta, ZSTD(1)),
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition' CODEC(T64, ZSTD(1)),
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/tasks', '{replica}', received_at)
PARTITION BY toYYYYMM(status_at)
ORDER BY (task_code, status_at, event_id)
COMMENT 'Nhiệm vụ UBND tỉnh giao, mỗi dòng một trạng thái | tasks given by the People''s Committee, a row a status';

CREATE TABLE IF NOT EXISTS ioc.tasks ON CLUSTER th AS ioc.tasks_local
ENGINE = Distributed('th', 'ioc', 'tasks_local', cityHash64(event_id))
COMMENT 'Nhiệm vụ UBND tỉnh giao, mỗi dòng một trạng thái | tasks given by the People''s Committee, a row a status';

CREATE TABLE IF NOT EXISTS ioc.field_reports_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    report_code String COMMENT 'Mã phản ánh | report code' CODEC(ZSTD(1)),
    category LowCardinality(String) COMMENT 'Lĩnh vực | category',
    title String COMMENT 'Tiêu đề | title' CODEC(ZSTD(1)),
    text String COMMENT 'Nội dung (dữ liệu cá nhân) | text, personal data' CODEC(ZSTD(3)),
    channel LowCardinality(String) COMMENT 'Kênh: app, phone, web | channel',
    reporter String COMMENT 'Người phản ánh, mã băm có khóa | keyed hash of who reported' CODEC(ZSTD(1)),
    lat Nullable(Float64) COMMENT 'Vĩ độ (dữ liệu cá nhân) | latitude, degrees, personal data' CODEC(ZSTD(1)),
    lon Nullable(Float64) COMMENT 'Kinh độ (dữ liệu cá nhân) | longitude, degrees, personal data' CODEC(ZSTD(1)),
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    photos Int64 COMMENT 'Số ảnh | photos' CODEC(T64, ZSTD(1)),
    reported_at DateTime64(3, 'UTC') COMMENT 'Lúc phản ánh | reported' CODEC(Delta, ZSTD(1)),
    due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Hạn trả lời | due' CODEC(ZSTD(1)),
    state LowCardinality(String) COMMENT 'new, accepted, assigned, answered, closed, rejected',
    state_at DateTime64(3, 'UTC') COMMENT 'Thời điểm đổi trạng thái | event time' CODEC(Delta, ZSTD(1)),
    answer String COMMENT 'Trả lời | answer' CODEC(ZSTD(3)),
    rating Nullable(Int64) COMMENT 'Đánh giá 1-5 | rating' CODEC(ZSTD(1)),
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition' CODEC(T64, ZSTD(1)),
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/field_reports', '{replica}', received_at)
PARTITION BY toYYYYMM(state_at)
ORDER BY (report_code, state_at, event_id)
COMMENT 'Phản ánh hiện trường, mỗi dòng một trạng thái | reports from the field, a row a state';

CREATE TABLE IF NOT EXISTS ioc.field_reports ON CLUSTER th AS ioc.field_reports_local
ENGINE = Distributed('th', 'ioc', 'field_reports_local', cityHash64(event_id))
COMMENT 'Phản ánh hiện trường, mỗi dòng một trạng thái | reports from the field, a row a state';

CREATE TABLE IF NOT EXISTS ioc.positions_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    object_type LowCardinality(String) COMMENT 'vehicle, vessel',
    object_id LowCardinality(String) COMMENT 'Biển số xe, số đăng ký tàu | plate or registration',
    operator LowCardinality(String) COMMENT 'Đơn vị vận tải, chủ tàu | operator',
    business_type LowCardinality(String) COMMENT 'Loại hình | type of business',
    observed_at DateTime64(3, 'UTC') COMMENT 'Thời điểm định vị | event time' CODEC(Delta, ZSTD(1)),
    lat Float64 COMMENT 'Vĩ độ | latitude, degrees' CODEC(ZSTD(1)),
    lon Float64 COMMENT 'Kinh độ | longitude, degrees' CODEC(ZSTD(1)),
    speed_kmh Nullable(Float64) COMMENT 'Tốc độ (km/h) | speed over ground, km/h' CODEC(ZSTD(1)),
    heading Nullable(Float64) COMMENT 'Hướng (độ) | heading, degrees from north' CODEC(ZSTD(1)),
    driver String COMMENT 'Giấy phép lái xe, mã băm có khóa | keyed hash of the driving licence' CODEC(ZSTD(1)),
    alarm LowCardinality(String) COMMENT 'Cảnh báo của thiết bị | alarm',
    zone LowCardinality(String) COMMENT 'Vùng | zone',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition' CODEC(T64, ZSTD(1)),
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/positions', '{replica}', received_at)
PARTITION BY toYYYYMM(observed_at)
ORDER BY (object_type, object_id, observed_at, event_id)
COMMENT 'Vị trí phương tiện, tàu cá | positions of vehicles and fishing vessels';

CREATE TABLE IF NOT EXISTS ioc.positions ON CLUSTER th AS ioc.positions_local
ENGINE = Distributed('th', 'ioc', 'positions_local', cityHash64(event_id))
COMMENT 'Vị trí phương tiện, tàu cá | positions of vehicles and fishing vessels';

CREATE TABLE IF NOT EXISTS ioc.camera_events_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    camera LowCardinality(String) COMMENT 'Camera | camera',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Lúc xảy ra | event time' CODEC(Delta, ZSTD(1)),
    event_type LowCardinality(String) COMMENT 'Loại sự kiện | event type',
    severity LowCardinality(String) COMMENT 'info, warning, critical',
    lane LowCardinality(String) COMMENT 'Làn | lane',
    vehicle_class LowCardinality(String) COMMENT 'Loại xe | vehicle class',
    vehicles Nullable(Int64) COMMENT 'Số xe đếm được | vehicles counted' CODEC(ZSTD(1)),
    speed_kmh Nullable(Float64) COMMENT 'Tốc độ (km/h) | speed, km/h' CODEC(ZSTD(1)),
    duration_s Nullable(Float64) COMMENT 'Kéo dài (giây) | duration, s',
    confidence Nullable(Float64) COMMENT 'Độ tin cậy 0-1 | confidence',
    plate String COMMENT 'Biển số, mã băm có khóa | keyed hash of the plate' CODEC(ZSTD(1)),
    snapshot String COMMENT 'Địa chỉ ảnh | address of the picture' CODEC(ZSTD(1)),
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition' CODEC(T64, ZSTD(1)),
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/camera_events', '{replica}', received_at)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (camera, occurred_at, event_id)
COMMENT 'Sự kiện từ camera giao thông | events of traffic cameras';

CREATE TABLE IF NOT EXISTS ioc.camera_events ON CLUSTER th AS ioc.camera_events_local
ENGINE = Distributed('th', 'ioc', 'camera_events_local', cityHash64(event_id))
COMMENT 'Sự kiện từ camera giao thông | events of traffic cameras';

CREATE TABLE IF NOT EXISTS ioc.hotspots_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    satellite LowCardinality(String) COMMENT 'Vệ tinh | satellite',
    instrument LowCardinality(String) COMMENT 'Cảm biến | instrument',
    observed_at DateTime64(3, 'UTC') COMMENT 'Lúc chụp | event time' CODEC(Delta, ZSTD(1)),
    lat Float64 COMMENT 'Vĩ độ | latitude, degrees' CODEC(ZSTD(1)),
    lon Float64 COMMENT 'Kinh độ | longitude, degrees' CODEC(ZSTD(1)),
    brightness_k Nullable(Float64) COMMENT 'Nhiệt độ sáng (K) | brightness temperature, K',
    power_mw Nullable(Float64) COMMENT 'Công suất bức xạ (MW) | fire radiative power, MW',
    confidence LowCardinality(String) COMMENT 'low, nominal, high',
    daytime Bool COMMENT 'Chụp ban ngày | seen by day',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition' CODEC(T64, ZSTD(1)),
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/hotspots', '{replica}', received_at)
PARTITION BY toYYYYMM(observed_at)
ORDER BY (observed_at, satellite, event_id)
COMMENT 'Điểm nóng vệ tinh phát hiện | fires seen by satellites';

CREATE TABLE IF NOT EXISTS ioc.hotspots ON CLUSTER th AS ioc.hotspots_local
ENGINE = Distributed('th', 'ioc', 'hotspots_local', cityHash64(event_id))
COMMENT 'Điểm nóng vệ tinh phát hiện | fires seen by satellites';

CREATE TABLE IF NOT EXISTS ioc.health_cases_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    case_ref String COMMENT 'Mã ca, mã băm có khóa | keyed hash of the case' CODEC(ZSTD(1)),
    disease LowCardinality(String) COMMENT 'Bệnh | disease',
    icd10 LowCardinality(String) COMMENT 'Mã ICD-10 | ICD-10 code',
    onset_at DateTime64(3, 'UTC') COMMENT 'Ngày khởi phát | event time, onset' CODEC(Delta, ZSTD(1)),
    reported_at DateTime64(3, 'UTC') COMMENT 'Lúc báo cáo | reported' CODEC(Delta, ZSTD(1)),
    facility LowCardinality(String) COMMENT 'Cơ sở y tế | health facility',
    age_band LowCardinality(String) COMMENT 'Nhóm tuổi | age band',
    sex LowCardinality(String) COMMENT 'female, male, unknown',
    confirmed Bool COMMENT 'Xét nghiệm xác định | confirmed by laboratory',
    outcome LowCardinality(String) COMMENT 'ill, recovered, died, unknown',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition' CODEC(T64, ZSTD(1)),
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/health_cases', '{replica}', received_at)
PARTITION BY toYear(onset_at)
ORDER BY (disease, onset_at, event_id)
COMMENT 'Ca bệnh truyền nhiễm, không định danh người bệnh | cases of notifiable diseases without identities';

CREATE TABLE IF NOT EXISTS ioc.health_cases ON CLUSTER th AS ioc.health_cases_local
ENGINE = Distributed('th', 'ioc', 'health_cases_local', cityHash64(event_id))
COMMENT 'Ca bệnh truyền nhiễm, không định danh người bệnh | cases of notifiable diseases without identities';

CREATE TABLE IF NOT EXISTS ioc.incidents_local ON CLUSTER th
(
    event_id String COMMENT 'Định danh | identity' CODEC(ZSTD(1)),
    received_at DateTime64(3, 'UTC') COMMENT 'Lúc trung tâm nhận | received' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    incident_code String COMMENT 'Mã sự cố | incident code' CODEC(ZSTD(1)),
    incident_type LowCardinality(String) COMMENT 'Loại sự cố | type',
    title String COMMENT 'Tiêu đề | title' CODEC(ZSTD(1)),
    description String COMMENT 'Diễn biến | description' CODEC(ZSTD(3)),
    severity LowCardinality(String) COMMENT 'info, warning, critical',
    opened_at DateTime64(3, 'UTC') COMMENT 'Lúc mở | opened' CODEC(Delta, ZSTD(1)),
    state LowCardinality(String) COMMENT 'open, handling, resolved, closed',
    state_at DateTime64(3, 'UTC') COMMENT 'Thời điểm đổi trạng thái | event time' CODEC(Delta, ZSTD(1)),
    lat Nullable(Float64) COMMENT 'Vĩ độ | latitude, degrees' CODEC(ZSTD(1)),
    lon Nullable(Float64) COMMENT 'Kinh độ | longitude, degrees' CODEC(ZSTD(1)),
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    dead Int64 COMMENT 'Số người chết | dead' CODEC(T64, ZSTD(1)),
    injured Int64 COMMENT 'Số người bị thương | injured' CODEC(T64, ZSTD(1)),
    loss_vnd Nullable(Int64) COMMENT 'Thiệt hại (đồng) | loss, VND' CODEC(ZSTD(1)),
    alerts Array(String) COMMENT 'Cảnh báo liên quan | alerts behind it',
    _topic LowCardinality(String) COMMENT 'Kafka topic',
    _partition Int32 COMMENT 'Kafka partition' CODEC(T64, ZSTD(1)),
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/incidents', '{replica}', received_at)
PARTITION BY toYYYYMM(state_at)
ORDER BY (incident_code, state_at, event_id)
COMMENT 'Sự cố đang điều hành, mỗi dòng một trạng thái | incidents handled together, a row a state';

CREATE TABLE IF NOT EXISTS ioc.incidents ON CLUSTER th AS ioc.incidents_local
ENGINE = Distributed('th', 'ioc', 'incidents_local', cityHash64(event_id))
COMMENT 'Sự cố đang điều hành, mỗi dòng một trạng thái | incidents handled together, a row a state';

