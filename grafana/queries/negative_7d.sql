SELECT sum(negative) AS "Tiêu cực" FROM v_stance_by_agency
