-- Of the offers of more that were decided in the month, how many were won.
SELECT 100.0 * count(*) FILTER (WHERE outcome = 'won') / nullif(count(*), 0) AS value,
       count(*)                                                             AS n,
       count(*) FILTER (WHERE outcome = 'won')                              AS numerator,
       count(*)                                                             AS denominator
FROM offer
WHERE workspace_id = :workspace
  AND kind IN ('upsell', 'cross_sell')
  AND decided_on >= :start
  AND decided_on < :finish;
