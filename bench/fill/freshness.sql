-- {rows} contacts of every source of the catalogue, the newest now.
INSERT INTO freshness
SELECT lower(hex(sipHash128('f', number))), at, sources[number % length(sources) + 1], at, at, 500, number % 97 = 0, if(number % 97 = 0, 'partial', 'ok'), '', 'bench', 0, number
FROM (SELECT number, {sources:Array(String)} AS sources, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number, length(sources)) * 30) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
