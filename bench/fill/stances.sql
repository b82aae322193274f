-- {rows} stances of a year.
INSERT INTO stances
SELECT lower(hex(sipHash128('s', number))), at, lower(hex(sipHash128('p', number))), agencies[number % length(agencies) + 1], ['negative', 'neutral', 'positive'][cityHash64(number) % 3 + 1],
    0.5 + (cityHash64(number) % 50) / 100, concat('Câu làm bằng chứng số ', toString(number)), concat('Tin số ', toString(number)), concat('https://bao.example/', toString(number)),
    concat('Báo ', toString(number % 30)), 'small', at, 'bench', 0, number
FROM (SELECT number, {agencies:Array(String)} AS agencies, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 31536000, {rows:UInt64})) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
