-- {rows} issues, a day apart, of every indicator's outlook for the province.
INSERT INTO outlooks
SELECT lower(hex(sipHash128('u', indicator, issue))), issued, indicator, '38', toYear({until:DateTime64(3, 'UTC')}), issued, 12000, 9000, 12100, 11500, 12600, 0.62, 1000, 'tỷ đồng', 'Dự kiến cả năm so với kế hoạch.', 'prophet', 'bench', 0, 0
FROM (SELECT arrayJoin({indicators:Array(String)}) AS indicator, arrayJoin(range({rows:UInt64})) AS issue, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalDay(issue) AS issued)
SETTINGS max_partitions_per_insert_block = 0
