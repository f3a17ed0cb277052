-- What the accounts that were clients when the month before began, and paid in it, paid more (or less) in this one.
-- Recurring amounts count for the share of a month's days on which a term runs, project amounts are spread evenly over
-- their days. All amounts are in the reporting currency here, with two decimals.
WITH months AS (
    SELECT daterange(:start, :finish) AS days, true AS is_now
    UNION ALL
    SELECT daterange((CAST(:start AS date) - interval '1 month')::date, :start), false
), spell AS (
    SELECT account_id, range_agg(daterange(t.starts_on, t.ends_on)) AS days
    FROM account a
    JOIN account_term t USING (workspace_id, account_id)
    WHERE workspace_id = :workspace
      AND coalesce(a.observed_from <= CAST(:start AS date) - interval '1 month', true)
    GROUP BY account_id
    HAVING (CAST(:start AS date) - interval '1 month')::date <@ range_agg(daterange(t.starts_on, t.ends_on))
), paid AS (
    SELECT account_id, is_now, r.amount_minor / 100.0::float * CASE r.kind
           WHEN 'recurring' THEN (
               SELECT coalesce(sum(upper(part) - lower(part)), 0)
               FROM unnest(spell.days * datemultirange(daterange(r.starts_on, r.ends_on) * m.days)) AS part
           ) / (upper(m.days) - lower(m.days))::float
           ELSE (least(r.ends_on, upper(m.days)) - greatest(r.starts_on, lower(m.days)))
                / (r.ends_on - r.starts_on)::float
           END AS amount
    FROM spell
    JOIN revenue r USING (account_id)
    JOIN months m ON daterange(r.starts_on, r.ends_on) && m.days
    WHERE r.workspace_id = :workspace
), cohort AS (
    SELECT coalesce(sum(amount) FILTER (WHERE is_now), 0) AS now,
           sum(amount) FILTER (WHERE NOT is_now)          AS before
    FROM paid
    GROUP BY account_id
)
SELECT 100 * sum(now - before) / nullif(sum(before), 0) AS value,
       count(*)                                         AS n,
       coalesce(sum(now - before), 0)                   AS numerator,
       coalesce(sum(before), 0)                         AS denominator
FROM cohort
WHERE before > 0;
