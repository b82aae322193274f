-- {rows} dossiers of two years, each accepted, in process, and most of them returned.
INSERT INTO dossiers
SELECT
    lower(hex(sipHash128('d', number, status))), at, 'mot-cua', concat('H56-', toString(number)), concat('1.00', toString(number % 300)), concat('Thủ tục ', toString(number % 300)),
    concat('Lĩnh vực ', toString(number % 20)), agencies[number % length(agencies) + 1], areas[number % length(areas) + 1], ['online', 'direct'][number % 2 + 1], '4',
    submitted, submitted + INTERVAL 15 DAY, if(status = 10, at, NULL), status, at, NULL, 'bench', 0, number
FROM
(
    SELECT
        number, arrayJoin([2, 4, 10]) AS status, {agencies:Array(String)} AS agencies, {areas:Array(String)} AS areas,
        toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 63072000, {rows:UInt64})) AS submitted,
        submitted + toIntervalHour(multiIf(status = 2, 1, status = 4, 20, 24 * (3 + cityHash64(number) % 18))) AS at
    FROM numbers({rows:UInt64})
)
WHERE at < {until:DateTime64(3, 'UTC')}
SETTINGS max_partitions_per_insert_block = 0
