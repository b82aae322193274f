-- Names from the catalogue (dim_…, written by clickhouse/dimensions.py) and the views that people and panels read (v_…).
CREATE TABLE IF NOT EXISTS ioc.dim_agencies ON CLUSTER th
(
    id LowCardinality(String) COMMENT 'Mã cơ quan | agency id',
    name String COMMENT 'Tên đầy đủ | name',
    short String COMMENT 'Tên gọn | short name',
    name_en String COMMENT 'Tên tiếng Anh | English name',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    plan_unit UInt8 COMMENT 'Đơn vị thí điểm | takes part in the trial',
    valid_from Date32 COMMENT 'Có hiệu lực từ | valid from',
    valid_to Date32 COMMENT 'Có hiệu lực đến | valid to',
    loaded_at DateTime64(3, 'UTC') COMMENT 'Lúc nạp danh mục | loaded'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/all/ioc/dim_agencies', '{shard}-{replica}', loaded_at)
ORDER BY id
COMMENT 'Danh mục cơ quan | agencies of the catalogue';

CREATE TABLE IF NOT EXISTS ioc.dim_areas ON CLUSTER th
(
    code LowCardinality(String) COMMENT 'Mã đơn vị hành chính | area code',
    name String COMMENT 'Tên | name',
    level LowCardinality(String) COMMENT 'Cấp: province, district, ward, commune | level',
    parent LowCardinality(String) COMMENT 'Đơn vị cấp trên | parent code',
    lat Float64 COMMENT 'Vĩ độ | latitude, degrees',
    lon Float64 COMMENT 'Kinh độ | longitude, degrees',
    area_km2 Float64 COMMENT 'Diện tích (km²) | area, km²',
    valid_from Date32 COMMENT 'Có hiệu lực từ | valid from',
    valid_to Date32 COMMENT 'Có hiệu lực đến | valid to',
    loaded_at DateTime64(3, 'UTC') COMMENT 'Lúc nạp danh mục | loaded'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/all/ioc/dim_areas', '{shard}-{replica}', loaded_at)
ORDER BY (code, valid_from)
COMMENT 'Danh mục đơn vị hành chính | administrative units of the catalogue';

CREATE TABLE IF NOT EXISTS ioc.dim_stations ON CLUSTER th
(
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    code LowCardinality(String) COMMENT 'Mã trạm | station code',
    name String COMMENT 'Tên trạm | name',
    area LowCardinality(String) COMMENT 'Đơn vị hành chính | area code',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    lat Nullable(Float64) COMMENT 'Vĩ độ | latitude, degrees',
    lon Nullable(Float64) COMMENT 'Kinh độ | longitude, degrees',
    metrics Array(String) COMMENT 'Thông số | metric ids',
    loaded_at DateTime64(3, 'UTC') COMMENT 'Lúc nạp danh mục | loaded'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/all/ioc/dim_stations', '{shard}-{replica}', loaded_at)
ORDER BY (source, code)
COMMENT 'Danh mục trạm | stations of the catalogue';

CREATE TABLE IF NOT EXISTS ioc.dim_metrics ON CLUSTER th
(
    source LowCardinality(String) COMMENT 'Nguồn | source id',
    id LowCardinality(String) COMMENT 'Mã thông số | metric id',
    name String COMMENT 'Tên | name',
    unit String COMMENT 'Đơn vị | unit',
    decimals UInt8 COMMENT 'Số chữ số thập phân | decimals shown',
    limit_low Nullable(Float64) COMMENT 'Giới hạn dưới | lower legal limit',
    limit_high Nullable(Float64) COMMENT 'Giới hạn trên | upper legal limit',
    regulation String COMMENT 'Quy chuẩn | regulation',
    averaging LowCardinality(String) COMMENT 'Trung bình theo: instant, 1h, 8h, 24h, year | averaging time of the limit',
    window_s UInt32 COMMENT 'Thời gian trung bình (giây), 0 tức thời | averaging time, s, 0 for instant',
    loaded_at DateTime64(3, 'UTC') COMMENT 'Lúc nạp danh mục | loaded'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/all/ioc/dim_metrics', '{shard}-{replica}', loaded_at)
ORDER BY (source, id)
COMMENT 'Danh mục thông số và giới hạn hiện hành | metrics of the catalogue with today''s legal limit';

CREATE TABLE IF NOT EXISTS ioc.dim_indicators ON CLUSTER th
(
    id LowCardinality(String) COMMENT 'Mã chỉ tiêu | indicator id',
    name String COMMENT 'Tên | name',
    name_en String COMMENT 'Tên tiếng Anh | English name',
    group UInt8 COMMENT 'Nhóm chỉ tiêu 01-20 | group',
    unit String COMMENT 'Đơn vị | unit',
    frequency LowCardinality(String) COMMENT 'Kỳ: D, W, M, Q, Y | frequency',
    agency LowCardinality(String) COMMENT 'Cơ quan | agency id',
    aggregate LowCardinality(String) COMMENT 'Cách gộp năm: sum, last, mean | how periods make a year',
    direction LowCardinality(String) COMMENT 'up: càng cao càng tốt; down: càng thấp càng tốt | which way is better',
    decimals UInt8 COMMENT 'Số chữ số thập phân | decimals shown',
    on_wall UInt8 COMMENT 'Hiện trên màn hình điều hành | shown on the wall',
    targets Map(Int32, Float64) COMMENT 'Kế hoạch theo năm | plan by year',
    loaded_at DateTime64(3, 'UTC') COMMENT 'Lúc nạp danh mục | loaded'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/all/ioc/dim_indicators', '{shard}-{replica}', loaded_at)
ORDER BY id
COMMENT 'Danh mục chỉ tiêu | indicators of the catalogue';

CREATE TABLE IF NOT EXISTS ioc.dim_sources ON CLUSTER th
(
    id LowCardinality(String) COMMENT 'Mã nguồn | source id',
    name String COMMENT 'Tên | name',
    name_en String COMMENT 'Tên tiếng Anh | English name',
    plan_row LowCardinality(String) COMMENT 'Dòng kế hoạch | row of the plan',
    agency LowCardinality(String) COMMENT 'Cơ quan cung cấp | agency id',
    transport LowCardinality(String) COMMENT 'Cách nhận: folder, http, poll, import | transport',
    every_s UInt32 COMMENT 'Chu kỳ mong đợi (giây) | expected cadence, s',
    simulated UInt8 COMMENT 'Dữ liệu mô phỏng | simulated',
    enabled UInt8 COMMENT 'Đang bật | enabled',
    loaded_at DateTime64(3, 'UTC') COMMENT 'Lúc nạp danh mục | loaded'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/all/ioc/dim_sources', '{shard}-{replica}', loaded_at)
ORDER BY id
COMMENT 'Danh mục nguồn dữ liệu | sources of the catalogue';

CREATE OR REPLACE VIEW ioc.v_area_names ON CLUSTER th AS
SELECT code, argMax(name, (valid_from, loaded_at)) AS name, argMax(level, (valid_from, loaded_at)) AS level
FROM ioc.dim_areas
GROUP BY code
COMMENT 'Tên mới nhất của đơn vị hành chính | latest name of every administrative unit';

CREATE OR REPLACE VIEW ioc.v_readings ON CLUSTER th AS
SELECT
    r.event_id AS event_id, r.received_at AS received_at, r.source AS source, r.station AS station, r.metric AS metric,
    r.observed_at AS observed_at, r.value AS value, r.unit AS unit, r.status AS status, r.agency AS agency, r.area AS area,
    if(s.name = '', r.station, s.name) AS station_name,
    if(m.name = '', r.metric, m.name) AS metric_name
FROM ioc.readings AS r FINAL
LEFT JOIN (SELECT source, code, name FROM ioc.dim_stations FINAL) AS s ON s.source = r.source AND s.code = r.station
LEFT JOIN (SELECT source, id, name FROM ioc.dim_metrics FINAL) AS m ON m.source = r.source AND m.id = r.metric
COMMENT 'Số đo không trùng, kèm tên trạm và thông số | readings without duplicates, with names';

CREATE OR REPLACE VIEW ioc.v_reading_latest ON CLUSTER th AS
WITH
    recent AS
    (
        SELECT source, station, metric, observed_at, value, unit
        FROM ioc.readings FINAL
        WHERE observed_at > now64(3, 'UTC') - INTERVAL 25 HOUR AND status = 'ok' AND value IS NOT NULL
    ),
    latest AS
    (
        SELECT source, station, metric, max(r.observed_at) AS observed_at, argMax(r.value, r.observed_at) AS value, argMax(r.unit, r.observed_at) AS unit
        FROM recent AS r
        GROUP BY source, station, metric
        HAVING max(r.observed_at) > now64(3, 'UTC') - INTERVAL 1 DAY
    ),
    limits AS (SELECT * FROM ioc.dim_metrics FINAL),
    means AS
    (
        SELECT r.source AS source, r.station AS station, r.metric AS metric, avg(r.value) AS mean
        FROM recent AS r
        INNER JOIN latest AS l ON l.source = r.source AND l.station = r.station AND l.metric = r.metric
        LEFT JOIN limits AS m ON m.source = r.source AND m.id = r.metric
        WHERE r.observed_at > l.observed_at - toIntervalSecond(m.window_s) OR r.observed_at = l.observed_at
        GROUP BY source, station, metric
    )
SELECT
    l.source AS source, l.station AS station, if(s.name = '', l.station, s.name) AS station_name,
    l.metric AS metric, if(m.name = '', l.metric, m.name) AS metric_name,
    l.observed_at AS observed_at, l.value AS value, l.unit AS unit,
    if(m.id = '', 2, m.decimals) AS decimals, a.mean AS mean_for_limit, m.limit_low AS limit_low, m.limit_high AS limit_high,
    m.regulation AS regulation, m.averaging AS averaging,
    multiIf(
        (m.limit_low IS NULL AND m.limit_high IS NULL) OR m.averaging = 'year', 'no_limit',
        a.mean > ifNull(m.limit_high, inf) OR a.mean < ifNull(m.limit_low, -inf), 'over',
        multiIf(
            m.limit_low IS NULL, a.mean > 0.8 * m.limit_high,
            m.limit_high IS NULL, a.mean < 1.25 * m.limit_low,
            abs(2 * a.mean - m.limit_low - m.limit_high) > 0.8 * (m.limit_high - m.limit_low)), 'near',
        'within') AS limit_state,
    dateDiff('second', l.observed_at, now64(3, 'UTC')) AS age_s
FROM latest AS l
LEFT JOIN means AS a ON a.source = l.source AND a.station = l.station AND a.metric = l.metric
LEFT JOIN limits AS m ON m.source = l.source AND m.id = l.metric
LEFT JOIN (SELECT source, code, name FROM ioc.dim_stations FINAL) AS s ON s.source = l.source AND s.code = l.station
COMMENT 'Số đo hợp lệ mới nhất trong 24 giờ, so với giới hạn theo đúng thời gian trung bình | latest valid value of the last day, held against the legal limit over its averaging time';

CREATE OR REPLACE VIEW ioc.v_dossiers_current ON CLUSTER th AS
WITH current AS
(
    SELECT
        source, dossier_code, procedure_code, procedure_name, field, agency, area, channel, service_level,
        submitted_at, due_at, finished_at, status, fee_vnd, d.status_at AS last_status_at
    FROM ioc.dossiers AS d
    ORDER BY dossier_code, d.status_at DESC, d.received_at DESC, status DESC
    LIMIT 1 BY dossier_code
)
SELECT
    c.* EXCEPT (last_status_at), c.last_status_at AS status_at,
    if(g.short = '', c.agency, g.short) AS agency_name,
    multiIf(
        c.status IN (3, 7, 8), 'withdrawn',
        c.status IN (9, 10) OR c.finished_at IS NOT NULL, if(c.due_at IS NULL OR ifNull(c.finished_at, c.last_status_at) <= c.due_at, 'done_on_time', 'done_late'),
        c.status IN (5, 6), 'waiting_for_citizen',
        c.due_at < now64(3, 'UTC'), 'overdue',
        'in_progress') AS state
FROM current AS c
LEFT JOIN (SELECT id, short FROM ioc.dim_agencies FINAL) AS g ON g.id = c.agency
COMMENT 'Trạng thái hiện tại của mỗi hồ sơ một cửa | the latest status of every one-stop dossier; waiting for the citizen (5, 6) stops the clock';

CREATE OR REPLACE VIEW ioc.v_dossiers_by_agency ON CLUSTER th AS
SELECT
    agency, any(agency_name) AS agency_name,
    count() AS received,
    countIf(state = 'in_progress') AS in_progress,
    countIf(state = 'waiting_for_citizen') AS waiting_for_citizen,
    countIf(state = 'overdue') AS overdue,
    countIf(state = 'done_on_time') AS done_on_time,
    countIf(state = 'done_late') AS done_late,
    countIf(state = 'withdrawn') AS withdrawn,
    if(done_on_time + done_late = 0, NULL, round(100 * done_on_time / (done_on_time + done_late), 1)) AS on_time_percent
FROM ioc.v_dossiers_current
WHERE submitted_at > now64(3, 'UTC') - INTERVAL 90 DAY OR state IN ('in_progress', 'waiting_for_citizen', 'overdue')
GROUP BY agency
COMMENT 'Hồ sơ theo cơ quan: tiếp nhận 90 ngày và hồ sơ còn mở | dossiers by agency: received within 90 days, and all still open';

CREATE OR REPLACE VIEW ioc.v_posts ON CLUSTER th AS
SELECT event_id, received_at, source, outlet, url, title, text, published_at, language
FROM ioc.posts FINAL
COMMENT 'Bài báo không trùng | press articles without duplicates';

CREATE OR REPLACE VIEW ioc.v_stances ON CLUSTER th AS
SELECT
    s.event_id AS event_id, s.post_id AS post_id, s.agency AS agency, if(g.short = '', s.agency, g.short) AS agency_name,
    s.stance AS stance, s.confidence AS confidence, s.evidence AS evidence, s.title AS title, s.url AS url, s.outlet AS outlet,
    s.model AS model, s.published_at AS published_at, s.received_at AS received_at
FROM ioc.stances AS s FINAL
LEFT JOIN (SELECT id, short FROM ioc.dim_agencies FINAL) AS g ON g.id = s.agency
COMMENT 'Thái độ của báo chí với cơ quan, kèm câu làm bằng chứng | stance of the press with the sentence that shows it';

CREATE OR REPLACE VIEW ioc.v_stance_by_agency ON CLUSTER th AS
SELECT
    agency, any(agency_name) AS agency_name,
    countIf(stance = 'negative') AS negative, countIf(stance = 'neutral') AS neutral, countIf(stance = 'positive') AS positive,
    count() AS total,
    round((positive - negative) / total, 3) AS balance,
    argMaxIf(evidence, (published_at, confidence), stance = 'negative') AS negative_evidence,
    argMaxIf(evidence, (published_at, confidence), stance = 'positive') AS positive_evidence,
    max(published_at) AS last_published_at
FROM ioc.v_stances
WHERE published_at > now64(3, 'UTC') - INTERVAL 7 DAY
GROUP BY agency
COMMENT 'Thái độ báo chí theo cơ quan, 7 ngày gần nhất | press stance by agency over the last 7 days';

CREATE OR REPLACE VIEW ioc.v_stance_weekly ON CLUSTER th AS
SELECT
    agency, any(agency_name) AS agency_name, toStartOfWeek(toTimeZone(published_at, 'Asia/Ho_Chi_Minh'), 1) AS week,
    countIf(stance = 'negative') AS negative, countIf(stance = 'neutral') AS neutral, countIf(stance = 'positive') AS positive, count() AS total
FROM ioc.v_stances
GROUP BY agency, week
COMMENT 'Thái độ báo chí theo cơ quan và tuần (từ thứ Hai) | press stance by agency and week from Monday';

CREATE OR REPLACE VIEW ioc.v_anomalies ON CLUSTER th AS
SELECT
    a.event_id AS event_id, a.received_at AS received_at, a.source AS source, a.station AS station, if(s.name = '', a.station, s.name) AS station_name,
    a.metric AS metric, if(m.name = '', a.metric, m.name) AS metric_name, a.observed_at AS observed_at, a.since AS since,
    a.value AS value, a.expected AS expected, a.low AS low, a.high AS high, a.unit AS unit, a.score AS score, a.one_in AS one_in,
    a.severity AS severity, a.detector AS detector, a.reason AS reason, a.evidence AS evidence, a.agency AS agency, a.area AS area, n.name AS area_name
FROM ioc.anomalies AS a FINAL
LEFT JOIN (SELECT source, code, name FROM ioc.dim_stations FINAL) AS s ON s.source = a.source AND s.code = a.station
LEFT JOIN (SELECT source, id, name FROM ioc.dim_metrics FINAL) AS m ON m.source = a.source AND m.id = a.metric
LEFT JOIN ioc.v_area_names AS n ON n.code = a.area
COMMENT 'Bất thường không trùng, kèm lý do và tên | anomalies without duplicates, with reason and names';

CREATE OR REPLACE VIEW ioc.v_alerts ON CLUSTER th AS
WITH latest AS
(
    SELECT
        fingerprint, min(a.raised_at) AS first_raised_at, max(a.raised_at) AS last_raised_at, uniqExact(event_id) AS times,
        argMax(severity, (a.received_at, a.raised_at)) AS severity, argMax(topic, (a.received_at, a.raised_at)) AS topic,
        argMax(title, (a.received_at, a.raised_at)) AS title, argMax(message, (a.received_at, a.raised_at)) AS message,
        argMax(agency, (a.received_at, a.raised_at)) AS agency, argMax(area, (a.received_at, a.raised_at)) AS area,
        argMax(source, (a.received_at, a.raised_at)) AS source, argMax(state, (a.received_at, a.raised_at)) AS state,
        argMax(evidence, (a.received_at, a.raised_at)) AS evidence
    FROM ioc.alerts AS a
    GROUP BY fingerprint
)
SELECT l.*, if(g.short = '', l.agency, g.short) AS agency_name, n.name AS area_name
FROM latest AS l
LEFT JOIN (SELECT id, short FROM ioc.dim_agencies FINAL) AS g ON g.id = l.agency
LEFT JOIN ioc.v_area_names AS n ON n.code = l.area
COMMENT 'Cảnh báo, mỗi dấu nhận dạng một dòng với trạng thái mới nhất | alerts, a row a fingerprint with its latest state';

CREATE OR REPLACE VIEW ioc.v_indicator_values ON CLUSTER th AS
SELECT
    v.event_id AS event_id, v.received_at AS received_at, v.source AS source, v.indicator AS indicator, if(i.name = '', v.indicator, i.name) AS indicator_name,
    v.area AS area, v.frequency AS frequency, v.period AS period, v.value AS value, v.unit AS unit
FROM ioc.indicator_values AS v FINAL
LEFT JOIN (SELECT id, name FROM ioc.dim_indicators FINAL) AS i ON i.id = v.indicator
COMMENT 'Giá trị chỉ tiêu, bản điều chỉnh mới nhất | values of indicators, the latest revision';

CREATE OR REPLACE VIEW ioc.v_targets ON CLUSTER th AS
SELECT indicator, area, year, argMax(target, rank) AS target
FROM
(
    SELECT id AS indicator, '' AS area, toInt32(planned.1) AS year, planned.2 AS target, 0 AS rank
    FROM ioc.dim_indicators FINAL
    ARRAY JOIN CAST(targets, 'Array(Tuple(Int32, Float64))') AS planned
    UNION ALL
    SELECT indicator, area, toInt32(toYear(period)) AS year, target, 1 AS rank
    FROM ioc.indicator_targets FINAL
)
GROUP BY indicator, area, year
COMMENT 'Kế hoạch năm: bản nhập vào thay danh mục; area rỗng là cả tỉnh theo danh mục | yearly plan: imported before catalogue; an empty area is the catalogue''s, for the province';

CREATE OR REPLACE VIEW ioc.v_forecast_latest ON CLUSTER th AS
WITH
    issues AS (SELECT indicator, area, max(issued_at) AS issued_at FROM ioc.forecasts GROUP BY indicator, area),
    predicted AS
    (
        SELECT f.indicator AS indicator, f.area AS area, f.frequency AS frequency, f.period AS period, f.issued_at AS issued_at,
            f.value AS value, f.low80 AS low80, f.high80 AS high80, f.low95 AS low95, f.high95 AS high95, f.unit AS unit, f.model AS model
        FROM ioc.forecasts AS f FINAL
        INNER JOIN issues AS i ON i.indicator = f.indicator AND i.area = f.area AND i.issued_at = f.issued_at
    ),
    every AS
    (
        SELECT indicator, area, frequency, period, unit, CAST(value, 'Nullable(Float64)') AS actual, CAST(NULL, 'Nullable(Float64)') AS forecast,
            CAST(NULL, 'Nullable(Float64)') AS low80, CAST(NULL, 'Nullable(Float64)') AS high80,
            CAST(NULL, 'Nullable(Float64)') AS low95, CAST(NULL, 'Nullable(Float64)') AS high95, '' AS model, CAST(NULL, 'Nullable(DateTime64(3, \'UTC\'))') AS issued_at
        FROM ioc.indicator_values FINAL
        UNION ALL
        SELECT indicator, area, frequency, period, unit, NULL, value, low80, high80, low95, high95, model, issued_at
        FROM predicted
    ),
    merged AS
    (
        SELECT indicator, area, period, any(e.frequency) AS frequency, any(e.unit) AS unit, any(e.actual) AS actual, any(e.forecast) AS forecast,
            any(e.low80) AS low80, any(e.high80) AS high80, any(e.low95) AS low95, any(e.high95) AS high95, max(e.model) AS model, any(e.issued_at) AS issued_at
        FROM every AS e
        GROUP BY indicator, area, period
    ),
    shaped AS
    (
        SELECT m.*, if(i.name = '', m.indicator, i.name) AS indicator_name, if(i.aggregate = '', 'sum', i.aggregate) AS aggregate, i.direction AS direction,
            multiIf(aggregate != 'sum', 1, m.frequency = 'D', 365, m.frequency = 'W', 52, m.frequency = 'M', 12, m.frequency = 'Q', 4, 1) AS periods_a_year
        FROM merged AS m
        LEFT JOIN (SELECT * FROM ioc.dim_indicators FINAL) AS i ON i.id = m.indicator
    )
SELECT
    s.indicator AS indicator, s.indicator_name AS indicator_name, s.area AS area, n.name AS area_name, s.area = '' OR n.level = 'province' AS whole_province, s.frequency AS frequency, s.period AS period,
    s.actual AS actual, s.forecast AS forecast, s.low80 AS low80, s.high80 AS high80, s.low95 AS low95, s.high95 AS high95,
    coalesce(own.target, if(s.area = '' OR n.level = 'province', shipped.target, NULL)) AS year_target,
    year_target / s.periods_a_year AS plan,
    s.unit AS unit, s.model AS model, s.issued_at AS issued_at, s.direction AS direction
FROM shaped AS s
LEFT JOIN (SELECT indicator, area, year, CAST(target, 'Nullable(Float64)') AS target FROM ioc.v_targets) AS own
    ON own.indicator = s.indicator AND own.area = s.area AND own.year = toInt32(toYear(s.period))
LEFT JOIN (SELECT indicator, year, CAST(target, 'Nullable(Float64)') AS target FROM ioc.v_targets WHERE area = '') AS shipped
    ON shipped.indicator = s.indicator AND shipped.year = toInt32(toYear(s.period))
LEFT JOIN ioc.v_area_names AS n ON n.code = s.area
COMMENT 'Thực hiện và dự báo mới nhất của chỉ tiêu, khoảng 80 % và 95 %, kế hoạch bình quân kỳ | actual values and the latest forecast with its intervals; plan is the year''s target spread evenly over its periods';

CREATE OR REPLACE VIEW ioc.v_outlook_latest ON CLUSTER th AS
WITH latest AS
(
    SELECT
        indicator, area, argMax(year, (year, o.issued_at)) AS year, argMax(o.issued_at, (o.year, o.issued_at)) AS issued_at,
        argMax(tuple(target), (o.year, o.issued_at)).1 AS target, argMax(actual, (o.year, o.issued_at)) AS actual,
        argMax(expected, (o.year, o.issued_at)) AS expected, argMax(low80, (o.year, o.issued_at)) AS low80, argMax(high80, (o.year, o.issued_at)) AS high80,
        argMax(tuple(probability), (o.year, o.issued_at)).1 AS probability, argMax(tuple(needed_per_period), (o.year, o.issued_at)).1 AS needed_per_period,
        argMax(unit, (o.year, o.issued_at)) AS unit, argMax(explanation, (o.year, o.issued_at)) AS explanation, argMax(model, (o.year, o.issued_at)) AS model
    FROM ioc.outlooks AS o
    GROUP BY indicator, area
)
SELECT
    l.*, if(i.name = '', l.indicator, i.name) AS indicator_name, n.name AS area_name, l.area = '' OR n.level = 'province' AS whole_province, i.decimals AS decimals, i.direction AS direction, i.on_wall AS on_wall,
    100 * l.actual / nullIf(l.target, 0) AS actual_percent,
    100 * l.expected / nullIf(l.target, 0) AS expected_percent,
    multiIf(l.probability IS NULL, 'no_plan', l.probability >= 0.7, 'on_track', l.probability >= 0.3, 'at_risk', 'off_track') AS state
FROM latest AS l
LEFT JOIN (SELECT id, name, decimals, direction, on_wall FROM ioc.dim_indicators FINAL) AS i ON i.id = l.indicator
LEFT JOIN ioc.v_area_names AS n ON n.code = l.area
COMMENT 'Khả năng đạt kế hoạch năm, lần dự báo mới nhất; on_track từ 70 %, at_risk từ 30 % | the latest outlook of the newest year of every indicator';

CREATE OR REPLACE VIEW ioc.v_source_freshness ON CLUSTER th AS
WITH contacts AS
(
    SELECT
        source, max(f.checked_at) AS checked_at, max(f.newest_at) AS newest_at,
        sumIf(records, f.checked_at > now64(3, 'UTC') - INTERVAL 1 DAY) AS records_24h,
        sumIf(rejects, f.checked_at > now64(3, 'UTC') - INTERVAL 1 DAY) AS rejects_24h,
        argMax(state, f.checked_at) AS last_state, argMax(message, f.checked_at) AS message
    FROM ioc.freshness AS f FINAL
    GROUP BY source
)
SELECT
    d.id AS source, d.name AS source_name, d.agency AS agency, g.short AS agency_name, d.transport AS transport, d.every_s AS every_s, d.simulated AS simulated,
    if(c.source = '', NULL, c.checked_at) AS checked_at, c.newest_at AS newest_at, c.records_24h AS records_24h, c.rejects_24h AS rejects_24h, c.message AS message,
    if(c.source = '', NULL, dateDiff('second', c.checked_at, now64(3, 'UTC'))) AS silent_s,
    multiIf(
        c.source = '' AND d.transport = 'import', 'manual',
        c.source = '', 'never',
        c.last_state = 'failed', 'failed',
        d.transport != 'import' AND c.checked_at < now64(3, 'UTC') - toIntervalSecond(3 * d.every_s + 60), 'stale',
        c.last_state = 'partial', 'partial',
        'ok') AS state
FROM (SELECT * FROM ioc.dim_sources FINAL WHERE loaded_at = (SELECT max(loaded_at) FROM ioc.dim_sources) AND enabled = 1) AS d
LEFT JOIN contacts AS c ON c.source = d.id
LEFT JOIN (SELECT id, short FROM ioc.dim_agencies FINAL) AS g ON g.id = d.agency
COMMENT 'Độ tươi của nguồn: quá ba chu kỳ không liên lạc là chậm | sources: no contact for three cadences is stale';

CREATE OR REPLACE VIEW ioc.v_dead_letters ON CLUSTER th AS
SELECT
    x.event_id AS event_id, x.received_at AS received_at, x.source AS source, if(d.name = '', x.source, d.name) AS source_name,
    x.rejected_at AS rejected_at, x.field AS field, x.reason AS reason, x.origin AS origin, x.position AS position, x.replayed_at AS replayed_at
FROM ioc.dead_letters AS x FINAL
LEFT JOIN (SELECT id, name FROM ioc.dim_sources FINAL) AS d ON d.id = x.source
COMMENT 'Dữ liệu bị từ chối và lý do, không kèm bản gốc vì có thể chứa dữ liệu cá nhân | rejected input without its raw bytes, which may hold personal data';

CREATE OR REPLACE VIEW ioc.v_cyber_events ON CLUSTER th AS
SELECT
    event_id, received_at, source, sensor, occurred_at, event_type, severity, signature_id, signature, category, action,
    src_ip, src_port, dest_ip, dest_port, protocol, app_protocol, hostname, message
FROM ioc.cyber_events FINAL
COMMENT 'Sự kiện an ninh mạng không trùng | cyber events without duplicates';

