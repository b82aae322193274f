-- Số đo hợp lệ mới nhất trong 24 giờ, so với giới hạn theo đúng thời gian trung bình | latest valid value of the last day, held against the legal limit over its averaging time
WITH
    hours AS
    (
        SELECT source, station, metric, hour, unit, usable, total, last_value, last_at
        FROM {readings_hourly}
        WHERE hour > {moment} - INTERVAL 50 HOUR AND usable > 0
    ),
    latest AS
    (
        SELECT source, station, metric, max(h.last_at) AS observed_at, argMax(h.last_value, h.last_at) AS value, argMax(h.unit, h.last_at) AS unit
        FROM hours AS h
        GROUP BY source, station, metric
        HAVING max(h.last_at) > {moment} - INTERVAL 1 DAY
    ),
    limits AS (SELECT * FROM {dim_metrics}),
    -- The trailing mean from sums by the hour: the hour that the window begins in counts with the share that lies inside.
    means AS
    (
        SELECT w.source AS source, w.station AS station, w.metric AS metric, sum(w.total * w.share) / sum(w.usable * w.share) AS mean
        FROM
        (
            SELECT
                h.source AS source, h.station AS station, h.metric AS metric, h.total AS total, h.usable AS usable,
                least(1, dateDiff('millisecond', l.observed_at - toIntervalSecond(m.window_s), h.hour + INTERVAL 1 HOUR) / 3600000) AS share
            FROM hours AS h
            INNER JOIN latest AS l ON l.source = h.source AND l.station = h.station AND l.metric = h.metric
            INNER JOIN limits AS m ON m.source = h.source AND m.id = h.metric
            WHERE m.window_s > 0
        ) AS w
        WHERE w.share > 0
        GROUP BY source, station, metric
    ),
    -- Within one hour the minutes count. Their versions are told apart by hand: FINAL would compare every key it reads.
    minutes AS
    (
        SELECT source, station, metric, minute, argMax(total, version) AS total, argMax(usable, version) AS usable
        FROM {readings_minutely*}
        WHERE minute > {moment} - INTERVAL 2 HOUR AND (source, metric) IN (SELECT source, id FROM limits WHERE window_s = 3600)
        GROUP BY source, station, metric, minute
    ),
    hourly_means AS
    (
        SELECT n.source AS source, n.station AS station, n.metric AS metric, sum(n.total) / sum(n.usable) AS mean
        FROM minutes AS n
        INNER JOIN latest AS l ON l.source = n.source AND l.station = n.station AND l.metric = n.metric
        WHERE n.minute > l.observed_at - INTERVAL 1 HOUR
        GROUP BY source, station, metric
    )
SELECT
    l.source AS source, l.station AS station, if(s.name = '', l.station, s.name) AS station_name,
    l.metric AS metric, if(m.name = '', l.metric, m.name) AS metric_name,
    l.observed_at AS observed_at, l.value AS value, l.unit AS unit, if(m.id = '', 2, m.decimals) AS decimals,
    multiIf(m.window_s = 0, l.value, m.window_s = 3600 AND l.observed_at > {moment} - INTERVAL 1 HOUR, t.mean, a.mean) AS mean_for_limit,
    m.limit_low AS limit_low, m.limit_high AS limit_high, m.regulation AS regulation, m.averaging AS averaging,
    multiIf(
        (m.limit_low IS NULL AND m.limit_high IS NULL) OR m.averaging = 'year', 'no_limit',
        mean_for_limit > ifNull(m.limit_high, inf) OR mean_for_limit < ifNull(m.limit_low, -inf), 'over',
        multiIf(
            m.limit_low IS NULL, mean_for_limit > 0.8 * m.limit_high,
            m.limit_high IS NULL, mean_for_limit < 1.25 * m.limit_low,
            abs(2 * mean_for_limit - m.limit_low - m.limit_high) > 0.8 * (m.limit_high - m.limit_low)), 'near',
        'within') AS limit_state,
    dateDiff('second', l.observed_at, {moment}) AS age_s
FROM latest AS l
LEFT JOIN means AS a ON a.source = l.source AND a.station = l.station AND a.metric = l.metric
LEFT JOIN hourly_means AS t ON t.source = l.source AND t.station = l.station AND t.metric = l.metric
LEFT JOIN limits AS m ON m.source = l.source AND m.id = l.metric
LEFT JOIN (SELECT source, code, name FROM {dim_stations}) AS s ON s.source = l.source AND s.code = l.station
