SELECT
    agency_name AS "Cơ quan",
    received AS "Tiếp nhận",
    in_progress AS "Đang xử lý",
    waiting_for_citizen AS "Chờ công dân",
    overdue AS "Quá hạn",
    done_on_time AS "Trả đúng hạn",
    done_late AS "Trả trễ",
    on_time_percent AS "Đúng hạn"
FROM v_dossiers_by_agency
ORDER BY overdue DESC, received DESC
