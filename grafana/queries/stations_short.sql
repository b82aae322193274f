SELECT
    concat(station_name, ' · ', metric_name) AS "Trạm",
    concat(
        replaceOne(toString(round(if(limit_high IS NULL AND limit_low IS NULL, value, mean_for_limit), decimals)), '.', ','),
        if(unit IN ('', '-', 'pH'), '', concat(' ', replaceOne(unit, 'm3', 'm³'))),
        transform(averaging, ['1h', '8h', '24h'], [' (1 giờ)', ' (8 giờ)', ' (24 giờ)'], '')) AS "Số đo",
    limit_state AS "So giới hạn"
FROM v_reading_latest
ORDER BY indexOf(['over', 'near', 'within', 'no_limit'], limit_state), mean_for_limit / limit_high DESC NULLS LAST, station_name
LIMIT 2 BY metric
LIMIT 12
