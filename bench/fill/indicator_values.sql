-- Ten years of months of every indicator of the catalogue in {rows} areas.
INSERT INTO indicator_values
SELECT lower(hex(sipHash128('i', indicator, area, month))), toDateTime64(month, 3, 'UTC'), 'indicators', indicator, area, 'M', month, round(1000 * (1 + 0.002 * n) * (1 + 0.1 * sin(n / 12 * 2 * pi())) , 2), 'tỷ đồng', 'bench', 0, 0
FROM (SELECT arrayJoin({indicators:Array(String)}) AS indicator, arrayJoin(arraySlice({areas:Array(String)}, 1, {rows:UInt64})) AS area, arrayJoin(range(1, 120)) AS n, toDate32(toStartOfMonth({until:DateTime64(3, 'UTC')})) - toIntervalMonth(n) AS month)
SETTINGS max_partitions_per_insert_block = 0
