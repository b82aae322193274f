-- {rows} field reports of a year, each new, and most of them answered.
INSERT INTO field_reports
SELECT lower(hex(sipHash128('q', number, state))), at, 'citizens', concat('PA-', toString(number)), concat('Lĩnh vực ', toString(number % 12)), 'Ổ gà trên đường', 'Nội dung phản ánh', 'app', hex(cityHash64(number)), 19.8, 105.8,
    areas[number % length(areas) + 1], agencies[number % length(agencies) + 1], 1, reported, reported + INTERVAL 7 DAY, state, at, '', if(state = 'answered', 4, NULL), 'bench', 0, number
FROM (SELECT number, arrayJoin(['new', 'answered']) AS state, {agencies:Array(String)} AS agencies, {areas:Array(String)} AS areas,
    toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 31536000, {rows:UInt64})) AS reported, reported + toIntervalHour(if(state = 'new', 0, 24 * (1 + cityHash64(number) % 10))) AS at FROM numbers({rows:UInt64}))
WHERE at < {until:DateTime64(3, 'UTC')}
SETTINGS max_partitions_per_insert_block = 0
