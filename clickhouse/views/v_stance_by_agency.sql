-- Thái độ báo chí theo cơ quan, 7 ngày gần nhất | press stance by agency over the last 7 days
SELECT
    agency, any(agency_name) AS agency_name,
    countIf(stance = 'negative') AS negative, countIf(stance = 'neutral') AS neutral, countIf(stance = 'positive') AS positive,
    count() AS total,
    round((positive - negative) / total, 3) AS balance,
    argMaxIf(evidence, (published_at, confidence), stance = 'negative') AS negative_evidence,
    argMaxIf(evidence, (published_at, confidence), stance = 'positive') AS positive_evidence,
    max(published_at) AS last_published_at
FROM {v_stances}
WHERE published_at > {moment} - INTERVAL 7 DAY
GROUP BY agency
