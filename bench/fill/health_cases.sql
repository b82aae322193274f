-- {rows} cases of eight diseases in six years.
INSERT INTO health_cases
SELECT lower(hex(sipHash128('h', number))), at, 'health', toString(number), concat('disease-', toString(number % 8)), '', at, at, '', '15-49', 'unknown', 1, 'recovered', areas[cityHash64(number) % length(areas) + 1], 'so-yte', 'bench', 0, number
FROM (SELECT number, {areas:Array(String)} AS areas, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 189216000, {rows:UInt64})) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
