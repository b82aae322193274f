-- Changes whenever a value or a plan of an indicator arrives; cheap enough to ask every few seconds.
SELECT sum(rows) AS rows, max(newest) AS newest
FROM
(
    SELECT count() AS rows, max(received_at) AS newest FROM indicator_values
    UNION ALL
    SELECT count() AS rows, max(received_at) AS newest FROM indicator_targets
)
