SELECT
    station_name AS "Trạm",
    metric_name AS "Thông số",
    concat(replaceOne(toString(round(value, decimals)), '.', ','), if(unit IN ('', '-', 'pH'), '', concat(' ', replaceOne(unit, 'm3', 'm³')))) AS "Số đo",
    round(mean_for_limit, decimals) AS "Trung bình",
    replaceAll(multiIf(
        limit_state = 'no_limit', '',
        limit_low IS NULL, concat('≤ ', toString(limit_high)),
        limit_high IS NULL, concat('≥ ', toString(limit_low)),
        concat(toString(limit_low), ' – ', toString(limit_high))), '.', ',') AS "Giới hạn",
    limit_state AS "So giới hạn",
    observed_at AS "Lúc đo"
FROM v_reading_latest
ORDER BY indexOf(['over', 'near', 'within', 'no_limit'], limit_state), station_name, metric_name
LIMIT 200
