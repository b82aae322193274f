SELECT
    toDateTime(toStartOfDay(moment, 'Asia/Ho_Chi_Minh'), 'UTC') AS time,
    sum(came) AS "Tiếp nhận",
    sum(went) AS "Trả kết quả"
FROM
(
    SELECT submitted_at AS moment, 1 AS came, 0 AS went FROM v_dossiers_current
    UNION ALL
    SELECT ifNull(finished_at, status_at) AS moment, 0 AS came, 1 AS went FROM v_dossiers_current WHERE state IN ('done_on_time', 'done_late')
)
WHERE $__timeFilter(moment) AND moment >= toStartOfDay($__fromTime + INTERVAL 1 DAY, 'Asia/Ho_Chi_Minh')
GROUP BY time
ORDER BY time WITH FILL STEP INTERVAL 1 DAY
