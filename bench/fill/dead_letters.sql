-- {rows} rejected parts of 30 days.
INSERT INTO dead_letters
SELECT lower(hex(sipHash128('x', number))), at, 'env-stations', at, 'value', 'is beyond what is possible', 'tram.txt', number, 'PM25\t9999\tug/Nm3', NULL, 'bench', 0, number
FROM (SELECT number, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 2592000, {rows:UInt64})) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
