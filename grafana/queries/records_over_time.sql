SELECT $__timeInterval(checked_at) AS time, sum(records) AS "Nhận", sum(rejects) AS "Từ chối"
FROM freshness FINAL
WHERE $__timeFilter(checked_at)
GROUP BY time
ORDER BY time
