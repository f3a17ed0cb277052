-- Of the CES answers given in the month, how many found it easy: 5, 6 or 7.
SELECT 100.0 * count(*) FILTER (WHERE score >= 5) / nullif(count(*), 0) AS value,
       count(*)                                                        AS n,
       count(*) FILTER (WHERE score >= 5)                              AS numerator,
       count(*)                                                        AS denominator
FROM reply
WHERE workspace_id = :workspace
  AND instrument = 'ces'
  AND answered_at >= CAST(:start AS timestamp) AT TIME ZONE :zone
  AND answered_at < CAST(:finish AS timestamp) AT TIME ZONE :zone;
