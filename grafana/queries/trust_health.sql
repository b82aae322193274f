SELECT
    concat(indicator_name, if(area_name = '' OR area IN (SELECT code FROM dim_areas FINAL WHERE level = 'province'), '', concat(' · ', area_name)), if(unit = '', '', concat(' (', unit, ')'))) AS "Chỉ tiêu",
    state AS "Đánh giá",
    periods AS "Số kỳ",
    replayed AS "Lập lại",
    coverage80 AS "Trong 80%",
    coverage95 AS "Trong 95%",
    mean_error AS "Sai số TB",
    100 * skill AS "Hơn số cùng kỳ",
    multiIf(
        state = 'stopped', concat('Thực hiện ra ngoài khoảng dự báo nhiều hơn hẳn mức ngẫu nhiên: ', toString(round(periods * (100 - coverage80) / 100)), ' trên ', toString(periods), ' kỳ'),
        state = 'worse', 'Lấy số cùng kỳ năm trước còn đúng hơn',
        state = 'few', concat('Mới chấm được ', toString(periods), ' kỳ, cần ít nhất 6'),
        'Sai số trong mức dự báo tự nhận') AS "Vì sao"
FROM v_forecast_health
ORDER BY indexOf(['stopped', 'worse', 'works', 'few'], state), skill, indicator_name
LIMIT 40
