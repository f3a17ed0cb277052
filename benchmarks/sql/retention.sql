-- Of the accounts active on the first day, how many still are on the day after the last.
WITH there AS (
    SELECT bool_or(t.starts_on <= :start AND coalesce(t.ends_on > :start, true))   AS at_start,
           bool_or(t.starts_on <= :finish AND coalesce(t.ends_on > :finish, true)) AS at_end
    FROM account a
    JOIN account_term t USING (workspace_id, account_id)
    WHERE workspace_id = :workspace
      AND coalesce(a.observed_from <= :start, true)
    GROUP BY account_id
)
SELECT 100.0 * count(*) FILTER (WHERE at_end) / nullif(count(*), 0) AS value,
       count(*)                                                    AS n,
       count(*) FILTER (WHERE at_end)                              AS numerator,
       count(*)                                                    AS denominator
FROM there
WHERE at_start;
