-- On how many days we and a client speak, for every 30 days it is a client.
WITH spell AS (
    SELECT account_id, range_agg(daterange(greatest(t.starts_on, a.observed_from), t.ends_on)) AS days
    FROM account a
    JOIN account_term t USING (workspace_id, account_id)
    WHERE workspace_id = :workspace
      AND greatest(t.starts_on, a.observed_from) < coalesce(t.ends_on, 'infinity')
    GROUP BY account_id
), active AS (
    SELECT account_id, sum(upper(part) - lower(part)) AS days
    FROM spell, unnest(spell.days * datemultirange(daterange(:start, :finish))) AS part
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
SELECT 30.0 * coalesce(sum(touched.days), 0) / nullif(sum(active.days), 0) AS value,
       count(*)                                                           AS n,
       coalesce(sum(touched.days), 0)                                     AS numerator,
       coalesce(sum(active.days), 0)                                      AS denominator
FROM active
LEFT JOIN touched USING (account_id);
