SELECT if(count() = 0, NULL, sum(positive)) AS "Tích cực" FROM v_stance_by_agency
