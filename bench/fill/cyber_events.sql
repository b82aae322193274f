-- {rows} cyber events of 60 days.
INSERT INTO cyber_events
SELECT lower(hex(sipHash128('c', number))), at, 'suricata', concat('ids-', toString(number % 8)), at, ['alert', 'flow', 'dns', 'http', 'tls'][number % 5 + 1], number % 4, 2000000 + number % 500,
    concat('ET SCAN ', toString(number % 500)), concat('Nhóm ', toString(number % 12)), 'allowed', concat('10.0.', toString(number % 256), '.', toString(cityHash64(number) % 256)), 1024 + number % 60000,
    concat('192.168.1.', toString(number % 254)), 443, 'TCP', 'tls', '', '', 'bench', 0, number
FROM (SELECT number, toDateTime64({until:DateTime64(3, 'UTC')}, 3, 'UTC') - toIntervalMillisecond(intDiv(number * 5184000000, {rows:UInt64})) AS at FROM numbers({rows:UInt64}))
SETTINGS max_partitions_per_insert_block = 0
