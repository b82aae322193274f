-- Độ chính xác theo nguồn, bộ phát hiện và tuần ISO: đúng trên số đã rõ đúng sai, khoảng Wilson 80 % | precision by source, detector and ISO week: true of those judged true or false, with Wilson's 80 % interval
WITH
    1.2815515655446004 AS z, -- a tenth of a normal distribution lies above it
    told AS
    (
        SELECT a.source AS source, a.detector AS detector, toStartOfWeek(toTimeZone(a.observed_at, 'Asia/Ho_Chi_Minh'), 1) AS week, d.verdict AS verdict
        FROM {anomalies a}
        LEFT JOIN (SELECT anomaly, argMax(verdict, (decided_at, received_at, event_id)) AS verdict FROM {verdicts} WHERE anomaly != '' GROUP BY anomaly) AS d ON d.anomaly = a.event_id
    ),
    counted AS
    (
        SELECT
            source, detector, week, count() AS anomalies, countIf(verdict = 'true') AS true_ones, countIf(verdict = 'false') AS false_ones,
            countIf(verdict = 'unsure') AS unsure, countIf(verdict = '') AS unmarked, true_ones + false_ones AS marked,
            if(marked = 0, NULL, true_ones / marked) AS precision
        FROM told
        GROUP BY source, detector, week
    )
SELECT
    c.source AS source, c.detector AS detector, c.week AS week, formatDateTime(c.week, '%G-W%V') AS iso_week, c.anomalies AS anomalies,
    c.true_ones AS true_ones, c.false_ones AS false_ones, c.unsure AS unsure, c.unmarked AS unmarked, c.marked AS marked, c.precision AS precision,
    (c.precision + z * z / 2 / c.marked - z * sqrt(c.precision * (1 - c.precision) / c.marked + z * z / 4 / c.marked / c.marked)) / (1 + z * z / c.marked) AS low80,
    (c.precision + z * z / 2 / c.marked + z * sqrt(c.precision * (1 - c.precision) / c.marked + z * z / 4 / c.marked / c.marked)) / (1 + z * z / c.marked) AS high80
FROM counted AS c
