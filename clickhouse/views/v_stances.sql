-- Thái độ của báo chí với cơ quan, kèm câu làm bằng chứng | stance of the press with the sentence that shows it
SELECT
    s.event_id AS event_id, s.post_id AS post_id, s.agency AS agency, if(g.short = '', s.agency, g.short) AS agency_name,
    s.stance AS stance, s.confidence AS confidence, s.evidence AS evidence, s.title AS title, s.url AS url, s.outlet AS outlet,
    s.model AS model, s.published_at AS published_at, s.received_at AS received_at
FROM {stances s}
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = s.agency
