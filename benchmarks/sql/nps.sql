-- Promoters (9, 10) less detractors (0 to 6), of each person the latest answer of the month.
WITH latest AS (
    SELECT DISTINCT ON (contact_id, CASE WHEN contact_id IS NULL THEN respondent END) score
    FROM reply
    WHERE workspace_id = :workspace
      AND instrument = 'nps'
      AND answered_at >= CAST(:start AS timestamp) AT TIME ZONE :zone
      AND answered_at < CAST(:finish AS timestamp) AT TIME ZONE :zone
    ORDER BY contact_id, CASE WHEN contact_id IS NULL THEN respondent END,
             answered_at DESC, survey_id DESC NULLS LAST, score
)
SELECT 100.0 * sum((score >= 9)::int - (score <= 6)::int) / nullif(count(*), 0) AS value,
       count(*)                                                                AS n,
       coalesce(sum((score >= 9)::int - (score <= 6)::int), 0)                 AS numerator,
       count(*)                                                                AS denominator
FROM latest;
