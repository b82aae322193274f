SELECT sum(in_progress + waiting_for_citizen + overdue) AS "Đang giải quyết" FROM v_dossiers_by_agency
