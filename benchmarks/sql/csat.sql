-- Of the CSAT answers given in the month, how many were a 4 or a 5.
SELECT 100.0 * count(*) FILTER (WHERE score >= 4) / nullif(count(*), 0) AS value,
       count(*)                                                        AS n,
       count(*) FILTER (WHERE score >= 4)                              AS numerator,
       count(*)                                                        AS denominator
FROM reply
WHERE workspace_id = :workspace
  AND instrument = 'csat'
  AND answered_at >= CAST(:start AS timestamp) AT TIME ZONE :zone
  AND answered_at < CAST(:finish AS timestamp) AT TIME ZONE :zone;
