-- The province's days that hold stances, or held some, between two instants, as `clickhouse.rollups.touched` names them.
SELECT DISTINCT agency, toInt32(day) AS bucket
FROM
(
    SELECT agency, toDate32(published_at, 'Asia/Ho_Chi_Minh') AS day FROM stances
    WHERE published_at >= {since:DateTime64(3, 'UTC')} AND published_at < {until:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT agency, day FROM stances_daily
    WHERE day >= toDate32({since:DateTime64(3, 'UTC')}, 'Asia/Ho_Chi_Minh') AND day < toDate32({until:DateTime64(3, 'UTC')}, 'Asia/Ho_Chi_Minh')
)
