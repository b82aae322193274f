-- Độ tươi của nguồn: quá ba chu kỳ không liên lạc là chậm | sources: no contact for three cadences is stale
WITH
    today AS
    (
        SELECT source, sum(records) AS records_24h, sum(rejects) AS rejects_24h
        FROM {freshness f}
        WHERE f.checked_at > {moment} - INTERVAL 1 DAY
        GROUP BY source
    ),
    contacts AS
    (
        SELECT
            c.source AS source, c.checked_at AS checked_at, c.newest_at AS newest_at, t.records_24h AS records_24h, t.rejects_24h AS rejects_24h,
            c.last.state AS last_state, c.last.message AS message
        FROM {freshness_current c}
        LEFT JOIN today AS t ON t.source = c.source
    )
SELECT
    d.id AS source, d.name AS source_name, d.agency AS agency, g.short AS agency_name, d.transport AS transport, d.every_s AS every_s, d.simulated AS simulated,
    if(c.source = '', NULL, c.checked_at) AS checked_at, c.newest_at AS newest_at, c.records_24h AS records_24h, c.rejects_24h AS rejects_24h, c.message AS message,
    if(c.source = '', NULL, dateDiff('second', c.checked_at, {moment})) AS silent_s,
    multiIf(
        c.source = '' AND d.transport = 'import', 'manual',
        c.source = '', 'never',
        c.last_state = 'failed', 'failed',
        d.transport != 'import' AND c.checked_at < {moment} - toIntervalSecond(3 * d.every_s + 60), 'stale',
        c.last_state = 'partial', 'partial',
        'ok') AS state
FROM (SELECT * FROM {dim_sources} WHERE loaded_at = (SELECT max(loaded_at) FROM {dim_sources}) AND enabled = 1) AS d
LEFT JOIN contacts AS c ON c.source = d.id
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = d.agency
