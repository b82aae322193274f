SELECT
    agency_name AS "Cơ quan",
    negative AS "▼ Tiêu cực",
    neutral AS "● Trung lập",
    positive AS "▲ Tích cực",
    if(negative_evidence = '', positive_evidence, negative_evidence) AS "Câu làm bằng chứng"
FROM v_stance_by_agency
ORDER BY negative DESC, total DESC, agency_name
LIMIT 12
