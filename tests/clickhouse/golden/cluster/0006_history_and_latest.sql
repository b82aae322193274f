-- Corrections stay known, for views can be asked as of a time (clickhouse/views.py): a record's content is kept with the time
-- it was first received, once a day. Latest states by key are kept as well. All are written by materialized views that only
-- ever take a maximum or a minimum, so records that come twice, late or in another order change nothing.
CREATE TABLE IF NOT EXISTS ioc.dossiers_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset',
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/dossiers_history', '{replica}', earliness)
ORDER BY (dossier_code, event_id, day, content)
COMMENT 'Hồ sơ một cửa, mỗi dòng một trạng thái: mọi bản đã biết | one-stop dossiers, a row a status: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.dossiers_history ON CLUSTER th AS ioc.dossiers_history_local
ENGINE = Distributed('th', 'ioc', 'dossiers_history_local', cityHash64(event_id))
COMMENT 'Hồ sơ một cửa, mỗi dòng một trạng thái: mọi bản đã biết | one-stop dossiers, a row a status: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.dossiers_to_history ON CLUSTER th TO ioc.dossiers_history
AS SELECT *, sipHash64(toString((source, dossier_code, procedure_code, procedure_name, field, agency, area, channel, service_level, submitted_at, due_at, finished_at, status, status_at, fee_vnd))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.dossiers_local
COMMENT 'Ghi dossiers_history | fills dossiers_history';

INSERT INTO ioc.dossiers_history
SELECT *, sipHash64(toString((source, dossier_code, procedure_code, procedure_name, field, agency, area, channel, service_level, submitted_at, due_at, finished_at, status, status_at, fee_vnd))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.dossiers;

CREATE TABLE IF NOT EXISTS ioc.tasks_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1)),
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/tasks_history', '{replica}', earliness)
ORDER BY (task_code, event_id, day, content)
COMMENT 'Nhiệm vụ UBND tỉnh giao, mỗi dòng một trạng thái: mọi bản đã biết | tasks given by the People''s Committee, a row a status: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.tasks_history ON CLUSTER th AS ioc.tasks_history_local
ENGINE = Distributed('th', 'ioc', 'tasks_history_local', cityHash64(event_id))
COMMENT 'Nhiệm vụ UBND tỉnh giao, mỗi dòng một trạng thái: mọi bản đã biết | tasks given by the People''s Committee, a row a status: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.tasks_to_history ON CLUSTER th TO ioc.tasks_history
AS SELECT *, sipHash64(toString((source, task_code, document_no, document_date, title, assigned_by, agency, supporting, area, assigned_at, due_at, finished_at, progress, status, status_at))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.tasks_local
COMMENT 'Ghi tasks_history | fills tasks_history';

INSERT INTO ioc.tasks_history
SELECT *, sipHash64(toString((source, task_code, document_no, document_date, title, assigned_by, agency, supporting, area, assigned_at, due_at, finished_at, progress, status, status_at))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.tasks;

CREATE TABLE IF NOT EXISTS ioc.field_reports_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1)),
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/field_reports_history', '{replica}', earliness)
ORDER BY (report_code, event_id, day, content)
COMMENT 'Phản ánh hiện trường, mỗi dòng một trạng thái: mọi bản đã biết | reports from the field, a row a state: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.field_reports_history ON CLUSTER th AS ioc.field_reports_history_local
ENGINE = Distributed('th', 'ioc', 'field_reports_history_local', cityHash64(event_id))
COMMENT 'Phản ánh hiện trường, mỗi dòng một trạng thái: mọi bản đã biết | reports from the field, a row a state: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.field_reports_to_history ON CLUSTER th TO ioc.field_reports_history
AS SELECT *, sipHash64(toString((source, report_code, category, title, text, channel, reporter, lat, lon, area, agency, photos, reported_at, due_at, state, state_at, answer, rating))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.field_reports_local
COMMENT 'Ghi field_reports_history | fills field_reports_history';

INSERT INTO ioc.field_reports_history
SELECT *, sipHash64(toString((source, report_code, category, title, text, channel, reporter, lat, lon, area, agency, photos, reported_at, due_at, state, state_at, answer, rating))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.field_reports;

CREATE TABLE IF NOT EXISTS ioc.posts_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset',
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/posts_history', '{replica}', earliness)
ORDER BY (source, event_id, day, content)
COMMENT 'Bài báo, bài đăng công khai: mọi bản đã biết | press articles and public posts: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.posts_history ON CLUSTER th AS ioc.posts_history_local
ENGINE = Distributed('th', 'ioc', 'posts_history_local', cityHash64(event_id))
COMMENT 'Bài báo, bài đăng công khai: mọi bản đã biết | press articles and public posts: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.posts_to_history ON CLUSTER th TO ioc.posts_history
AS SELECT *, sipHash64(toString((source, outlet, url, title, text, published_at, language))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.posts_local
COMMENT 'Ghi posts_history | fills posts_history';

INSERT INTO ioc.posts_history
SELECT *, sipHash64(toString((source, outlet, url, title, text, published_at, language))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.posts;

CREATE TABLE IF NOT EXISTS ioc.stances_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset',
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/stances_history', '{replica}', earliness)
ORDER BY (agency, event_id, day, content)
COMMENT 'Thái độ của báo chí đối với cơ quan: mọi bản đã biết | stance of press towards agencies: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.stances_history ON CLUSTER th AS ioc.stances_history_local
ENGINE = Distributed('th', 'ioc', 'stances_history_local', cityHash64(event_id))
COMMENT 'Thái độ của báo chí đối với cơ quan: mọi bản đã biết | stance of press towards agencies: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.stances_to_history ON CLUSTER th TO ioc.stances_history
AS SELECT *, sipHash64(toString((post_id, agency, stance, confidence, evidence, title, url, outlet, model, published_at))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.stances_local
COMMENT 'Ghi stances_history | fills stances_history';

INSERT INTO ioc.stances_history
SELECT *, sipHash64(toString((post_id, agency, stance, confidence, evidence, title, url, outlet, model, published_at))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.stances;

CREATE TABLE IF NOT EXISTS ioc.indicator_values_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset',
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/indicator_values_history', '{replica}', earliness)
ORDER BY (indicator, area, period, event_id, day, content)
COMMENT 'Giá trị chỉ tiêu kinh tế - xã hội: mọi bản đã biết | values of indicators: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.indicator_values_history ON CLUSTER th AS ioc.indicator_values_history_local
ENGINE = Distributed('th', 'ioc', 'indicator_values_history_local', cityHash64(event_id))
COMMENT 'Giá trị chỉ tiêu kinh tế - xã hội: mọi bản đã biết | values of indicators: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.indicator_values_to_history ON CLUSTER th TO ioc.indicator_values_history
AS SELECT *, sipHash64(toString((source, indicator, area, frequency, period, value, unit))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.indicator_values_local
COMMENT 'Ghi indicator_values_history | fills indicator_values_history';

INSERT INTO ioc.indicator_values_history
SELECT *, sipHash64(toString((source, indicator, area, frequency, period, value, unit))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.indicator_values;

CREATE TABLE IF NOT EXISTS ioc.indicator_targets_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset',
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/indicator_targets_history', '{replica}', earliness)
ORDER BY (indicator, area, period, event_id, day, content)
COMMENT 'Kế hoạch năm của chỉ tiêu: mọi bản đã biết | yearly plan of indicators: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.indicator_targets_history ON CLUSTER th AS ioc.indicator_targets_history_local
ENGINE = Distributed('th', 'ioc', 'indicator_targets_history_local', cityHash64(event_id))
COMMENT 'Kế hoạch năm của chỉ tiêu: mọi bản đã biết | yearly plan of indicators: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.indicator_targets_to_history ON CLUSTER th TO ioc.indicator_targets_history
AS SELECT *, sipHash64(toString((source, indicator, area, period, target, unit))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.indicator_targets_local
COMMENT 'Ghi indicator_targets_history | fills indicator_targets_history';

INSERT INTO ioc.indicator_targets_history
SELECT *, sipHash64(toString((source, indicator, area, period, target, unit))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.indicator_targets;

CREATE TABLE IF NOT EXISTS ioc.health_cases_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1)),
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/health_cases_history', '{replica}', earliness)
ORDER BY (disease, event_id, day, content)
COMMENT 'Ca bệnh truyền nhiễm, không định danh người bệnh: mọi bản đã biết | cases of notifiable diseases without identities: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.health_cases_history ON CLUSTER th AS ioc.health_cases_history_local
ENGINE = Distributed('th', 'ioc', 'health_cases_history_local', cityHash64(event_id))
COMMENT 'Ca bệnh truyền nhiễm, không định danh người bệnh: mọi bản đã biết | cases of notifiable diseases without identities: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.health_cases_to_history ON CLUSTER th TO ioc.health_cases_history
AS SELECT *, sipHash64(toString((source, case_ref, disease, icd10, onset_at, reported_at, facility, age_band, sex, confirmed, outcome, area, agency))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.health_cases_local
COMMENT 'Ghi health_cases_history | fills health_cases_history';

INSERT INTO ioc.health_cases_history
SELECT *, sipHash64(toString((source, case_ref, disease, icd10, onset_at, reported_at, facility, age_band, sex, confirmed, outcome, area, agency))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.health_cases;

CREATE TABLE IF NOT EXISTS ioc.incidents_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1)),
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/incidents_history', '{replica}', earliness)
ORDER BY (incident_code, event_id, day, content)
COMMENT 'Sự cố đang điều hành, mỗi dòng một trạng thái: mọi bản đã biết | incidents handled together, a row a state: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.incidents_history ON CLUSTER th AS ioc.incidents_history_local
ENGINE = Distributed('th', 'ioc', 'incidents_history_local', cityHash64(event_id))
COMMENT 'Sự cố đang điều hành, mỗi dòng một trạng thái: mọi bản đã biết | incidents handled together, a row a state: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.incidents_to_history ON CLUSTER th TO ioc.incidents_history
AS SELECT *, sipHash64(toString((source, incident_code, incident_type, title, description, severity, opened_at, state, state_at, lat, lon, area, agency, dead, injured, loss_vnd, alerts))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.incidents_local
COMMENT 'Ghi incidents_history | fills incidents_history';

INSERT INTO ioc.incidents_history
SELECT *, sipHash64(toString((source, incident_code, incident_type, title, description, severity, opened_at, state, state_at, lat, lon, area, agency, dead, injured, loss_vnd, alerts))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.incidents;

CREATE TABLE IF NOT EXISTS ioc.anomalies_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset',
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/anomalies_history', '{replica}', earliness)
ORDER BY (source, metric, station, event_id, day, content)
COMMENT 'Bất thường và lý do: mọi bản đã biết | anomalies with their reasons: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.anomalies_history ON CLUSTER th AS ioc.anomalies_history_local
ENGINE = Distributed('th', 'ioc', 'anomalies_history_local', cityHash64(event_id))
COMMENT 'Bất thường và lý do: mọi bản đã biết | anomalies with their reasons: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.anomalies_to_history ON CLUSTER th TO ioc.anomalies_history
AS SELECT *, sipHash64(toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.anomalies_local
COMMENT 'Ghi anomalies_history | fills anomalies_history';

INSERT INTO ioc.anomalies_history
SELECT *, sipHash64(toString((source, station, metric, observed_at, since, value, expected, low, high, unit, score, one_in, severity, detector, reason, evidence, agency, area))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.anomalies;

CREATE TABLE IF NOT EXISTS ioc.alerts_history_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset',
    content UInt64 COMMENT 'Băm nội dung | hash of the content',
    day Date32 COMMENT 'Ngày nhận (UTC) | day it was received, UTC',
    earliness UInt64 COMMENT 'Càng lớn càng nhận sớm | greater for what was received earlier' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/alerts_history', '{replica}', earliness)
ORDER BY (fingerprint, event_id, day, content)
COMMENT 'Cảnh báo: mọi bản đã biết | alerts: every version that was known';

CREATE TABLE IF NOT EXISTS ioc.alerts_history ON CLUSTER th AS ioc.alerts_history_local
ENGINE = Distributed('th', 'ioc', 'alerts_history_local', cityHash64(event_id))
COMMENT 'Cảnh báo: mọi bản đã biết | alerts: every version that was known';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.alerts_to_history ON CLUSTER th TO ioc.alerts_history
AS SELECT *, sipHash64(toString((fingerprint, raised_at, severity, topic, title, message, agency, area, source, state, evidence))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.alerts_local
COMMENT 'Ghi alerts_history | fills alerts_history';

INSERT INTO ioc.alerts_history
SELECT *, sipHash64(toString((fingerprint, raised_at, severity, topic, title, message, agency, area, source, state, evidence))) AS content, toDate32(received_at) AS day, 20000000000000 - toUnixTimestamp64Milli(received_at) AS earliness
FROM ioc.alerts;

CREATE TABLE IF NOT EXISTS ioc.dossiers_current_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset',
    version UInt128 COMMENT 'Thứ tự: lúc đổi trạng thái, lúc nhận, bậc | order: event time, received, rank of the state'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/dossiers_current', '{replica}', version)
ORDER BY dossier_code
COMMENT 'Hồ sơ một cửa: trạng thái hiện tại | one-stop dossiers: the latest state';

CREATE TABLE IF NOT EXISTS ioc.dossiers_current ON CLUSTER th AS ioc.dossiers_current_local
ENGINE = Distributed('th', 'ioc', 'dossiers_current_local', cityHash64(dossier_code))
COMMENT 'Hồ sơ một cửa: trạng thái hiện tại | one-stop dossiers: the latest state';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.dossiers_to_current ON CLUSTER th TO ioc.dossiers_current
AS SELECT *, bitShiftLeft(toUInt128(toUnixTimestamp64Milli(status_at) + 3000000000000), 52) + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(received_at) + 3000000000000), 8) + toUInt128(status) AS version
FROM ioc.dossiers_local
COMMENT 'Ghi dossiers_current | fills dossiers_current';

INSERT INTO ioc.dossiers_current
SELECT *, bitShiftLeft(toUInt128(toUnixTimestamp64Milli(status_at) + 3000000000000), 52) + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(received_at) + 3000000000000), 8) + toUInt128(status) AS version
FROM ioc.dossiers;

CREATE TABLE IF NOT EXISTS ioc.tasks_current_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1)),
    version UInt128 COMMENT 'Thứ tự: lúc đổi trạng thái, lúc nhận, bậc | order: event time, received, rank of the state'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/tasks_current', '{replica}', version)
ORDER BY task_code
COMMENT 'Nhiệm vụ UBND tỉnh giao: trạng thái hiện tại | tasks given by the People''s Committee: the latest state';

CREATE TABLE IF NOT EXISTS ioc.tasks_current ON CLUSTER th AS ioc.tasks_current_local
ENGINE = Distributed('th', 'ioc', 'tasks_current_local', cityHash64(task_code))
COMMENT 'Nhiệm vụ UBND tỉnh giao: trạng thái hiện tại | tasks given by the People''s Committee: the latest state';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.tasks_to_current ON CLUSTER th TO ioc.tasks_current
AS SELECT *, bitShiftLeft(toUInt128(toUnixTimestamp64Milli(status_at) + 3000000000000), 52) + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(received_at) + 3000000000000), 8) + toUInt128(indexOf(['assigned', 'accepted', 'forwarded', 'in_progress', 'paused', 'awaiting_approval', 'done'], status)) AS version
FROM ioc.tasks_local
COMMENT 'Ghi tasks_current | fills tasks_current';

INSERT INTO ioc.tasks_current
SELECT *, bitShiftLeft(toUInt128(toUnixTimestamp64Milli(status_at) + 3000000000000), 52) + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(received_at) + 3000000000000), 8) + toUInt128(indexOf(['assigned', 'accepted', 'forwarded', 'in_progress', 'paused', 'awaiting_approval', 'done'], status)) AS version
FROM ioc.tasks;

CREATE TABLE IF NOT EXISTS ioc.field_reports_current_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1)),
    version UInt128 COMMENT 'Thứ tự: lúc đổi trạng thái, lúc nhận, bậc | order: event time, received, rank of the state'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/field_reports_current', '{replica}', version)
ORDER BY report_code
COMMENT 'Phản ánh hiện trường: trạng thái hiện tại | reports from the field: the latest state';

CREATE TABLE IF NOT EXISTS ioc.field_reports_current ON CLUSTER th AS ioc.field_reports_current_local
ENGINE = Distributed('th', 'ioc', 'field_reports_current_local', cityHash64(report_code))
COMMENT 'Phản ánh hiện trường: trạng thái hiện tại | reports from the field: the latest state';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.field_reports_to_current ON CLUSTER th TO ioc.field_reports_current
AS SELECT *, bitShiftLeft(toUInt128(toUnixTimestamp64Milli(state_at) + 3000000000000), 52) + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(received_at) + 3000000000000), 8) + toUInt128(indexOf(['new', 'accepted', 'assigned', 'answered', 'rejected', 'closed'], state)) AS version
FROM ioc.field_reports_local
COMMENT 'Ghi field_reports_current | fills field_reports_current';

INSERT INTO ioc.field_reports_current
SELECT *, bitShiftLeft(toUInt128(toUnixTimestamp64Milli(state_at) + 3000000000000), 52) + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(received_at) + 3000000000000), 8) + toUInt128(indexOf(['new', 'accepted', 'assigned', 'answered', 'rejected', 'closed'], state)) AS version
FROM ioc.field_reports;

CREATE TABLE IF NOT EXISTS ioc.incidents_current_local ON CLUSTER th
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
    _offset Int64 COMMENT 'Kafka offset' CODEC(Delta, ZSTD(1)),
    version UInt128 COMMENT 'Thứ tự: lúc đổi trạng thái, lúc nhận, bậc | order: event time, received, rank of the state'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/incidents_current', '{replica}', version)
ORDER BY incident_code
COMMENT 'Sự cố đang điều hành: trạng thái hiện tại | incidents handled together: the latest state';

CREATE TABLE IF NOT EXISTS ioc.incidents_current ON CLUSTER th AS ioc.incidents_current_local
ENGINE = Distributed('th', 'ioc', 'incidents_current_local', cityHash64(incident_code))
COMMENT 'Sự cố đang điều hành: trạng thái hiện tại | incidents handled together: the latest state';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.incidents_to_current ON CLUSTER th TO ioc.incidents_current
AS SELECT *, bitShiftLeft(toUInt128(toUnixTimestamp64Milli(state_at) + 3000000000000), 52) + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(received_at) + 3000000000000), 8) + toUInt128(indexOf(['open', 'handling', 'resolved', 'closed'], state)) AS version
FROM ioc.incidents_local
COMMENT 'Ghi incidents_current | fills incidents_current';

INSERT INTO ioc.incidents_current
SELECT *, bitShiftLeft(toUInt128(toUnixTimestamp64Milli(state_at) + 3000000000000), 52) + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(received_at) + 3000000000000), 8) + toUInt128(indexOf(['open', 'handling', 'resolved', 'closed'], state)) AS version
FROM ioc.incidents;

CREATE TABLE IF NOT EXISTS ioc.positions_current_local ON CLUSTER th
(
    object_type LowCardinality(String) COMMENT 'vehicle, vessel',
    object_id String COMMENT 'Biển số xe, số đăng ký tàu | plate or registration' CODEC(ZSTD(1)),
    observed_at DateTime64(3, 'UTC') COMMENT 'Thời điểm định vị | event time',
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    operator LowCardinality(String) COMMENT 'Đơn vị vận tải, chủ tàu | operator',
    business_type LowCardinality(String) COMMENT 'Loại hình | type of business',
    lat Float64 COMMENT 'Vĩ độ | latitude, degrees',
    lon Float64 COMMENT 'Kinh độ | longitude, degrees',
    speed_kmh Nullable(Float64) COMMENT 'Tốc độ (km/h) | speed over ground, km/h',
    heading Nullable(Float64) COMMENT 'Hướng (độ) | heading, degrees from north',
    alarm LowCardinality(String) COMMENT 'Cảnh báo của thiết bị | alarm',
    zone LowCardinality(String) COMMENT 'Vùng | zone',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/positions_current', '{replica}', observed_at)
ORDER BY (object_type, object_id)
COMMENT 'Vị trí mới nhất của phương tiện, tàu cá | latest position of vehicles and fishing vessels';

CREATE TABLE IF NOT EXISTS ioc.positions_current ON CLUSTER th AS ioc.positions_current_local
ENGINE = Distributed('th', 'ioc', 'positions_current_local', cityHash64(object_type, object_id))
COMMENT 'Vị trí mới nhất của phương tiện, tàu cá | latest position of vehicles and fishing vessels';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.positions_to_current ON CLUSTER th TO ioc.positions_current
AS SELECT object_type, object_id, observed_at, source, operator, business_type, lat, lon, speed_kmh, heading, alarm, zone, agency, area
FROM ioc.positions_local
COMMENT 'Ghi positions_current | fills positions_current';

CREATE TABLE IF NOT EXISTS ioc.freshness_current_local ON CLUSTER th
(
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    checked_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Lần liên lạc cuối | last contact',
    newest_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))) COMMENT 'Sự kiện mới nhất | newest event',
    last SimpleAggregateFunction(max, Tuple(checked_at DateTime64(3, 'UTC'), state String, message String)) COMMENT 'Lần cuối: lúc, tình trạng, ghi chú | last contact: when, state, message'
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/ioc/freshness_current', '{replica}')
ORDER BY source
COMMENT 'Lần liên lạc cuối của nguồn | last contact of every source';

CREATE TABLE IF NOT EXISTS ioc.freshness_current ON CLUSTER th AS ioc.freshness_current_local
ENGINE = Distributed('th', 'ioc', 'freshness_current_local', cityHash64(source))
COMMENT 'Lần liên lạc cuối của nguồn | last contact of every source';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.freshness_to_current ON CLUSTER th TO ioc.freshness_current
AS SELECT source, max(f.checked_at) AS checked_at, max(f.newest_at) AS newest_at, max((f.checked_at, toString(state), message)) AS last
FROM ioc.freshness_local AS f
GROUP BY source
COMMENT 'Ghi freshness_current | fills freshness_current';

INSERT INTO ioc.freshness_current
SELECT source, max(f.checked_at) AS checked_at, max(f.newest_at) AS newest_at, max((f.checked_at, toString(state), message)) AS last
FROM ioc.freshness AS f
GROUP BY source;

CREATE TABLE IF NOT EXISTS ioc.forecasts_current_local ON CLUSTER th
(
    indicator LowCardinality(String) COMMENT 'Chỉ tiêu | indicator id',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    issued_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Lần dự báo cuối | last issue'
)
ENGINE = ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/ioc/forecasts_current', '{replica}')
ORDER BY (indicator, area)
COMMENT 'Lần dự báo cuối của chỉ tiêu | last issue of every indicator''s forecast';

CREATE TABLE IF NOT EXISTS ioc.forecasts_current ON CLUSTER th AS ioc.forecasts_current_local
ENGINE = Distributed('th', 'ioc', 'forecasts_current_local', cityHash64(indicator, area))
COMMENT 'Lần dự báo cuối của chỉ tiêu | last issue of every indicator''s forecast';

CREATE MATERIALIZED VIEW IF NOT EXISTS ioc.forecasts_to_current ON CLUSTER th TO ioc.forecasts_current
AS SELECT indicator, area, max(f.issued_at) AS issued_at
FROM ioc.forecasts_local AS f
GROUP BY indicator, area
COMMENT 'Ghi forecasts_current | fills forecasts_current';

INSERT INTO ioc.forecasts_current
SELECT indicator, area, max(f.issued_at) AS issued_at
FROM ioc.forecasts AS f
GROUP BY indicator, area;

