-- {rows} positions of 4,000 vehicles and 1,000 vessels, a round every 30 s.
INSERT INTO positions
SELECT lower(hex(sipHash128('g', number))), at, 'gps', if(who < 4000, 'vehicle', 'vessel'), if(who < 4000, concat('36B', toString(who)), concat('TH-', toString(who), '-TS')), 'HTX', 'bus', at, 19.8 + (cityHash64(number) % 1000) / 10000,
    105.8 + (cityHash64(number) % 777) / 10000, 40, 90, '', '', '', 'so-xd', '38', 'bench', 0, number
FROM (SELECT number, number % 5000 AS who, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number, 5000) * 30 + if(who % 50 = 49, 20000, 0)) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
