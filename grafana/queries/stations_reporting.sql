SELECT uniqExact(station) AS "Trạm" FROM v_reading_latest
