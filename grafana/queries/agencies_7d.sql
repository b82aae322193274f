SELECT count() AS "Cơ quan" FROM v_stance_by_agency
