-- The days of these agencies from {since} until {until}, from what is stored now. A post judged anew may have left its stance, so every bucket
-- that was there takes part with nothing in it.
INSERT INTO stances_daily
SELECT agency, day, stance, sum(posts), sum(confidence), fromUnixTimestamp64Micro({version:Int64}, 'UTC')
FROM
(
    SELECT agency, toDate32(published_at, 'Asia/Ho_Chi_Minh') AS day, stance, 1 AS posts, confidence
    FROM stances FINAL
    WHERE agency IN {agency:Array(String)}
        AND published_at >= {since:DateTime64(3, 'UTC')} AND published_at < {until:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT agency, day, stance, 0 AS posts, 0. AS confidence
    FROM stances_daily
    WHERE agency IN {agency:Array(String)}
        AND day >= toDate32({since:DateTime64(3, 'UTC')}, 'Asia/Ho_Chi_Minh') AND day < toDate32({until:DateTime64(3, 'UTC')}, 'Asia/Ho_Chi_Minh')
)
GROUP BY agency, day, stance
