-- {rows} readings before {until}, one a series every {step_ms} ms: a daily course, noise, 1 % faults.
INSERT INTO readings
SELECT
    lower(hex(sipHash128('r', series, step))), at + INTERVAL 2 SECOND, 'env-stations', concat('TH_BENCH_', leftPad(toString(intDiv(series, length(metrics))), 3, '0')),
    metrics[series % length(metrics) + 1] AS metric, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalMillisecond(({first:UInt64} + step) * {step_ms:UInt64}) AS at,
    round(levels[series % length(metrics) + 1] * (1 + 0.2 * sin(toUnixTimestamp(at) / 86400 * 2 * pi() + series) + 0.05 * randNormal(0, 1, number)), 2),
    'µg/Nm3', if(cityHash64(number) % 100 = 0, 'fault', 'ok'), 'so-nnmt', areas[intDiv(series, length(metrics)) % length(areas) + 1], '', 'bench', 0, step
FROM
(
    SELECT
        number, number % {series:UInt64} AS series, intDiv(number, {series:UInt64}) AS step,
        {metrics:Array(String)} AS metrics, {levels:Array(Float64)} AS levels, {areas:Array(String)} AS areas
    FROM numbers({rows:UInt64})
)
SETTINGS optimize_on_insert = 0, max_insert_block_size = 1000000, max_partitions_per_insert_block = 0
