SELECT
    concat(station_name, ' · ', metric_name) AS "Trạm",
    concat(replaceOne(toString(round(value, decimals)), '.', ','), if(unit IN ('', '-', 'pH'), '', concat(' ', replaceOne(unit, 'm3', 'm³')))) AS "Số đo",
    limit_state AS "So giới hạn"
FROM v_reading_latest
ORDER BY indexOf(['over', 'near', 'within', 'no_limit'], limit_state), mean_for_limit / limit_high DESC NULLS LAST, station_name
LIMIT 2 BY metric
LIMIT 12
