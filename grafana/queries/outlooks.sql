SELECT
    concat(indicator_name, if(unit = '', '', concat(' (', unit, ')'))) AS "Chỉ tiêu",
    actual AS "Thực hiện",
    expected AS "Dự kiến năm",
    target AS "Kế hoạch",
    expected_percent AS "Dự kiến/KH",
    state AS "Đánh giá"
FROM v_outlook_latest
WHERE year >= toYear(toTimeZone(now(), 'Asia/Ho_Chi_Minh')) - 1
ORDER BY on_wall DESC, whole_province DESC, probability IS NULL, probability, indicator_name
LIMIT 12
