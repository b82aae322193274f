-- {rows} anomalies of 90 days.
INSERT INTO anomalies
SELECT lower(hex(sipHash128('a', number))), at, 'env-stations', concat('TH_BENCH_', leftPad(toString(number % 90), 3, '0')), metrics[number % length(metrics) + 1], at, at, 90, 50, 40, 60, 'µg/Nm3', 0.99, 1000,
    ['info', 'warning', 'critical'][number % 3 + 1], 'seasonal', 'Cao hơn mức thường thấy vào giờ này', [lower(hex(sipHash128('r', number)))], 'so-nnmt', areas[number % length(areas) + 1], ['', 'sensor', 'event'][number % 3 + 1], 'bench', 0, number
FROM (SELECT number, {metrics:Array(String)} AS metrics, {areas:Array(String)} AS areas, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 7776000, {rows:UInt64})) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
