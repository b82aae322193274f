SELECT sum(positive) AS "Tích cực" FROM v_stance_by_agency
