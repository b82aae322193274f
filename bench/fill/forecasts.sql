-- {rows} issues, a day apart, of the forecasts of every indicator for the province: 18 months each.
INSERT INTO forecasts
SELECT lower(hex(sipHash128('o', indicator, issue, n))), issued, indicator, '38', 'M', toDate32(toStartOfMonth({until:DateTime64(3, 'UTC')})) + toIntervalMonth(n - 4) AS month, issued, 1200 + n, 1150, 1250, 1100, 1300, 'tỷ đồng', 'prophet', 'bench', 0, 0
FROM (SELECT arrayJoin({indicators:Array(String)}) AS indicator, arrayJoin(range({rows:UInt64})) AS issue, arrayJoin(range(18)) AS n, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalDay(issue) AS issued)
SETTINGS max_partitions_per_insert_block = 0
