-- Monthly revenue per account active on the last day, times the margin, divided by the share lost a month in the last
-- twelve months: the variant `formula`. The usual variant fits a shifted-beta-geometric curve by maximum likelihood,
-- which nobody would write in SQL. All amounts are in the reporting currency here, with two decimals.
WITH active AS (
    SELECT DISTINCT account_id
    FROM account a
    JOIN account_term t USING (workspace_id, account_id)
    WHERE workspace_id = :workspace
      AND coalesce(a.observed_from < :finish, true)
      AND t.starts_on < :finish
      AND coalesce(t.ends_on >= :finish, true)
), paid AS (
    SELECT coalesce(sum(r.amount_minor), 0) / 100.0 AS monthly
    FROM active
    JOIN revenue r ON r.workspace_id = :workspace AND r.account_id = active.account_id AND r.kind = 'recurring'
    WHERE r.starts_on < :finish
      AND coalesce(r.ends_on >= :finish, true)
), months AS (
    SELECT day::date AS first, (day + interval '1 month')::date AS next
    FROM generate_series(CAST(:finish AS date) - interval '12 months',
                         CAST(:finish AS date) - interval '1 month', '1 month') AS day
), there AS (
    SELECT bool_or(t.starts_on <= m.first AND coalesce(t.ends_on > m.first, true)) AS at_start,
           bool_or(t.starts_on <= m.next AND coalesce(t.ends_on > m.next, true))   AS at_end
    FROM months m
    JOIN account a ON a.workspace_id = :workspace AND coalesce(a.observed_from <= m.first, true)
    JOIN account_term t USING (workspace_id, account_id)
    GROUP BY m.first, account_id
), lost AS (
    SELECT count(*) FILTER (WHERE NOT at_end)::float / nullif(count(*), 0) AS share
    FROM there
    WHERE at_start
), worth AS (
    SELECT (SELECT count(*) FROM active) AS n,
           (SELECT monthly FROM paid) / nullif((SELECT count(*) FROM active), 0) * :margin AS monthly
)
SELECT monthly / nullif(share, 0) AS value,
       n,
       monthly                    AS numerator,
       share                      AS denominator
FROM worth, lost;
