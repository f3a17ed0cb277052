-- Of the feedback received in the month that asks for something, how much has been done by now.
SELECT 100.0 * count(*) FILTER (WHERE implemented_at <= :as_of) / nullif(count(*), 0) AS value,
       count(*)                                                                      AS n,
       count(*) FILTER (WHERE implemented_at <= :as_of)                              AS numerator,
       count(*)                                                                      AS denominator
FROM feedback
WHERE workspace_id = :workspace
  AND actionable
  AND coalesce(triaged_at <= :as_of, true)
  AND received_at >= CAST(:start AS timestamp) AT TIME ZONE :zone
  AND received_at < CAST(:finish AS timestamp) AT TIME ZONE :zone;
