-- {rows} alerts of a year, five of each fingerprint.
INSERT INTO alerts
SELECT lower(hex(sipHash128('l', number))), at, concat('f', toString(intDiv(number, 5))), at, ['info', 'warning', 'critical'][number % 3 + 1], 'stance', 'Báo chí nói tiêu cực', 'Ba bài trong một giờ',
    agencies[number % length(agencies) + 1], '38', 'bao-thanh-hoa', ['open', 'acknowledged', 'closed', 'closed', 'closed'][cityHash64(intDiv(number, 5)) % 5 + 1], ['x'], 'bench', 0, number
FROM (SELECT number, {agencies:Array(String)} AS agencies, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 31536000, {rows:UInt64})) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
