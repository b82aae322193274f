-- {rows} articles of a year.
INSERT INTO posts
SELECT lower(hex(sipHash128('p', number))), at, 'bao-thanh-hoa', concat('Báo ', toString(number % 30)), concat('https://bao.example/', toString(number)),
    concat('Tin số ', toString(number), ' về phường Hạc Thành'), repeat(concat('Ngày ', toString(number % 28), ' tháng này, UBND tỉnh chỉ đạo các đơn vị khẩn trương. '), 20), at, 'vi', 'bench', 0, number
FROM (SELECT number, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalSecond(intDiv(number * 31536000, {rows:UInt64})) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
