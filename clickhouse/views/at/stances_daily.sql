-- Thái độ báo chí theo ngày, tính lại | press stance by day, recomputed from what was known
SELECT
    agency, toDate32(toTimeZone(published_at, 'Asia/Ho_Chi_Minh')) AS day, stance,
    toUInt32(count()) AS posts, sum(s.confidence) AS confidence
FROM {stances s}
GROUP BY agency, day, stance
