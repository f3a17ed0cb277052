-- Of the accounts active on the first day, how many bought more in the month.
WITH active AS (
    SELECT DISTINCT account_id
    FROM account a
    JOIN account_term t USING (workspace_id, account_id)
    WHERE workspace_id = :workspace
      AND coalesce(a.observed_from <= :start, true)
      AND t.starts_on <= :start
      AND coalesce(t.ends_on > :start, true)
), bought AS (
    SELECT DISTINCT account_id
    FROM offer
    WHERE workspace_id = :workspace
      AND kind IN ('upsell', 'cross_sell')
      AND outcome = 'won'
      AND decided_on >= :start
      AND decided_on < :finish
)
SELECT 100.0 * count(bought.account_id) / nullif(count(*), 0) AS value,
       count(*)                                              AS n,
       count(bought.account_id)                              AS numerator,
       count(*)                                              AS denominator
FROM active
LEFT JOIN bought USING (account_id);
