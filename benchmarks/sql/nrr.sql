-- What the accounts that paid by the month on the first day pay on the day after the last, growth counted.
-- All amounts are in the reporting currency here, with two decimals.
WITH there AS (
    SELECT account_id,
           bool_or(t.starts_on <= :start AND coalesce(t.ends_on > :start, true))   AS at_start,
           bool_or(t.starts_on <= :finish AND coalesce(t.ends_on > :finish, true)) AS at_end
    FROM account a
    JOIN account_term t USING (workspace_id, account_id)
    WHERE workspace_id = :workspace
      AND coalesce(a.observed_from <= :start, true)
    GROUP BY account_id
), paid AS (
    SELECT sum(r.amount_minor) FILTER (WHERE r.starts_on <= :start AND coalesce(r.ends_on > :start, true))
           / 100.0 AS at_start,
           coalesce(sum(r.amount_minor) FILTER (WHERE there.at_end AND r.starts_on <= :finish
                                                  AND coalesce(r.ends_on > :finish, true)), 0)
           / 100.0 AS at_end
    FROM there
    JOIN revenue r ON r.workspace_id = :workspace AND r.account_id = there.account_id AND r.kind = 'recurring'
    WHERE there.at_start
    GROUP BY there.account_id
)
SELECT 100.0 * sum(at_end) / nullif(sum(at_start), 0) AS value,
       count(*)                                      AS n,
       coalesce(sum(at_end), 0)                      AS numerator,
       coalesce(sum(at_start), 0)                    AS denominator
FROM paid
WHERE at_start > 0;
