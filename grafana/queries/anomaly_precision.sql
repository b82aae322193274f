SELECT
    iso_week AS "Tuần",
    if(n.name = '', p.source, n.name) AS "Nguồn",
    p.detector AS "Bộ phát hiện",
    anomalies AS "Bất thường",
    true_ones AS "Đúng",
    false_ones AS "Sai",
    unsure AS "Không rõ",
    unmarked AS "Chưa đánh giá",
    100 * precision AS "Chính xác",
    if(marked = 0, '', concat(toString(round(100 * ifNull(low80, 0))), '–', toString(round(100 * ifNull(high80, 0))), '%')) AS "Khoảng 80%"
FROM v_anomaly_precision AS p
LEFT JOIN (SELECT id, name FROM dim_sources FINAL) AS n ON n.id = p.source
WHERE week > today() - 70
ORDER BY week DESC, anomalies DESC, source, detector
LIMIT 40
