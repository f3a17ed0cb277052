-- Of the accounts active on the last day, with how many we spoke on at least 2 days in 30.
WITH spell AS (
    SELECT account_id, range_agg(daterange(greatest(t.starts_on, a.observed_from), t.ends_on)) AS days
    FROM account a
    JOIN account_term t USING (workspace_id, account_id)
    WHERE workspace_id = :workspace
      AND greatest(t.starts_on, a.observed_from) < coalesce(t.ends_on, 'infinity')
    GROUP BY account_id
), touched AS (
    SELECT account_id, count(*) AS days
    FROM account_day d
    JOIN spell USING (account_id)
    WHERE d.workspace_id = :workspace
      AND d.day >= :start
      AND d.day < :finish
      AND (d.interactions > 0 OR (d.from_client > 0 AND d.from_us > 0))
      AND d.day <@ spell.days
    GROUP BY account_id
)
SELECT 100.0 * count(*) FILTER (WHERE touched.days >= needed) / nullif(count(*), 0) AS value,
       count(*)                                                                    AS n,
       count(*) FILTER (WHERE touched.days >= needed)                              AS numerator,
       count(*)                                                                    AS denominator
FROM spell
CROSS JOIN (
    SELECT greatest(1, floor(2.0 * (CAST(:finish AS date) - CAST(:start AS date)) / 30 + 0.5)) AS needed
) AS enough
LEFT JOIN touched USING (account_id)
WHERE CAST(:finish AS date) - 1 <@ spell.days;
