-- {rows} tasks of a year, each given, and half of them done.
INSERT INTO tasks
SELECT lower(hex(sipHash128('t', number, status))), at, 'tasks', concat('NV-', toString(number)), concat(toString(number), '/UBND'), NULL, 'Rà soát, báo cáo kết quả', 'van-phong-ubnd', agencies[number % length(agencies) + 1], [], '38',
    given, given + INTERVAL 30 DAY, if(status = 'done', at, NULL), if(status = 'done', 100, 40), status, at, 'bench', 0, number
FROM (SELECT number, arrayJoin(if(number % 2 = 0, ['assigned', 'done'], ['assigned', 'in_progress'])) AS status, {agencies:Array(String)} AS agencies,
    toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 31536000, {rows:UInt64})) AS given, given + toIntervalHour(if(status = 'assigned', 0, 24 * (cityHash64(number) % 45))) AS at FROM numbers({rows:UInt64}))
WHERE at < {until:DateTime64(3, 'UTC')}
SETTINGS max_partitions_per_insert_block = 0
