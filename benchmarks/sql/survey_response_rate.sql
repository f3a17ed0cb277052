-- Of the surveys posted in the month that are no longer open, how many were answered.
WITH posted AS (
    SELECT s.state = 'answered' OR EXISTS (
               SELECT FROM reply r WHERE r.workspace_id = s.workspace_id AND r.survey_id = s.survey_id
           ) AS answered,
           coalesce(s.expires_at, CASE WHEN s.state = 'expired' THEN s.posted_at END) <= :as_of AS expired
    FROM survey s
    WHERE s.workspace_id = :workspace
      AND s.state IN ('posted', 'answered', 'expired')
      AND s.posted_at >= CAST(:start AS timestamp) AT TIME ZONE :zone
      AND s.posted_at < CAST(:finish AS timestamp) AT TIME ZONE :zone
)
SELECT 100.0 * count(*) FILTER (WHERE answered) / nullif(count(*), 0) AS value,
       count(*)                                                      AS n,
       count(*) FILTER (WHERE answered)                              AS numerator,
       count(*)                                                      AS denominator
FROM posted
WHERE answered OR expired;
