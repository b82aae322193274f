SELECT if(count() = 0, NULL, sum(negative)) AS "Tiêu cực" FROM v_stance_by_agency
