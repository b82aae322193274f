-- {rows} counts of 100 cameras, one every five minutes.
INSERT INTO camera_events
SELECT lower(hex(sipHash128('k', number))), at, 'cameras', concat('CAM-', toString(number % 100)), at, 'count', 'info', toString(number % 2), '', 40 + cityHash64(number) % 60, 35, NULL, 0.9, '', '', 'so-xd', '38', 'bench', 0, number
FROM (SELECT number, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number, 100) * 300) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
