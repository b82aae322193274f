-- Số đo hợp lệ mới nhất trong 24 giờ, so với giới hạn theo đúng thời gian trung bình | latest valid value of the last day, held against the legal limit over its averaging time
WITH
    limits AS (SELECT * FROM {dim_metrics}),
    latest AS
    (
        SELECT
            source, station, metric, assumeNotNull(max(h.last_at)) AS observed_at, argMax(h.last_value, h.last_at) AS value, argMax(h.unit, h.last_at) AS unit,
            groupArray((h.hour, h.total, h.usable)) AS hours
        FROM {readings_lately h}
        WHERE h.hour > {moment} - INTERVAL 50 HOUR AND h.usable > 0
        GROUP BY source, station, metric
        HAVING max(h.last_at) > {moment} - INTERVAL 1 DAY
    ),
    -- A limit of one hour is held against minutes, where they are kept. Their versions are told apart by hand: FINAL would compare every key it reads.
    lately AS
    (
        SELECT source, station, metric, groupArray((minute, total, usable)) AS minutes
        FROM
        (
            SELECT source, station, metric, minute, argMax(total, version) AS total, argMax(usable, version) AS usable
            FROM {readings_minutely*}
            WHERE minute > {moment} - INTERVAL 2 HOUR AND (source, metric) IN (SELECT source, id FROM limits WHERE window_s = 3600)
            GROUP BY source, station, metric, minute
        )
        GROUP BY source, station, metric
    ),
    -- Others against hours: the hour that the window begins in counts with the share that lies inside.
    measured AS
    (
        SELECT
            l.source AS source, l.station AS station, l.metric AS metric, l.observed_at AS observed_at, l.value AS value, l.unit AS unit,
            if(m.id = '', 2, m.decimals) AS decimals, if(m.name = '', l.metric, m.name) AS metric_name,
            m.limit_low AS limit_low, m.limit_high AS limit_high, m.regulation AS regulation, m.averaging AS averaging,
            l.observed_at - toIntervalSecond(m.window_s) AS since,
            arrayFilter(n -> n.1 > l.observed_at - INTERVAL 1 HOUR, t.minutes) AS minutes,
            arrayMap(h -> greatest(0, least(1, dateDiff('millisecond', since, h.1 + INTERVAL 1 HOUR) / 3600000)), l.hours) AS shares,
            multiIf(
                m.window_s = 0, l.value,
                m.window_s = 3600 AND notEmpty(minutes) AND l.observed_at > {moment} - INTERVAL 1 HOUR, arraySum(n -> n.2, minutes) / arraySum(n -> n.3, minutes),
                arraySum((h, share) -> h.2 * share, l.hours, shares) / arraySum((h, share) -> h.3 * share, l.hours, shares)) AS mean_for_limit
        FROM latest AS l
        LEFT JOIN lately AS t ON t.source = l.source AND t.station = l.station AND t.metric = l.metric
        LEFT JOIN limits AS m ON m.source = l.source AND m.id = l.metric
    )
SELECT
    v.source AS source, v.station AS station, if(s.name = '', v.station, s.name) AS station_name,
    v.metric AS metric, v.metric_name AS metric_name, v.observed_at AS observed_at, v.value AS value, v.unit AS unit, v.decimals AS decimals,
    v.mean_for_limit AS mean_for_limit, v.limit_low AS limit_low, v.limit_high AS limit_high, v.regulation AS regulation, v.averaging AS averaging,
    multiIf(
        (limit_low IS NULL AND limit_high IS NULL) OR averaging = 'year', 'no_limit',
        mean_for_limit > ifNull(limit_high, inf) OR mean_for_limit < ifNull(limit_low, -inf), 'over',
        multiIf(
            limit_low IS NULL, mean_for_limit > 0.8 * limit_high,
            limit_high IS NULL, mean_for_limit < 1.25 * limit_low,
            abs(2 * mean_for_limit - limit_low - limit_high) > 0.8 * (limit_high - limit_low)), 'near',
        'within') AS limit_state,
    dateDiff('second', v.observed_at, {moment}) AS age_s
FROM measured AS v
LEFT JOIN (SELECT source, code, name FROM {dim_stations}) AS s ON s.source = v.source AND s.code = v.station
