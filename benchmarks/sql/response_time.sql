-- The Kaplan-Meier median of the business hours clients waited, of the waits that began in the month.
-- business_day is made before, and not timed: of every day when it opens and closes (the same instant where it does
-- not open) and how long it has been open before. Everybody works by the one calendar in it.
WITH waits AS (
    SELECT last.open_before + greatest(least(ended, last.closes_at) - last.opens_at, interval '0')
           - first.open_before - greatest(least(opened_at, first.closes_at) - first.opens_at, interval '0') AS wait,
           answered
    FROM (
        SELECT opened_at, coalesce(first_response_at, :as_of) AS ended, first_response_at IS NOT NULL AS answered
        FROM episode
        WHERE workspace_id = :workspace
          AND opened_at >= CAST(:start AS timestamp) AT TIME ZONE :zone
          AND opened_at < CAST(:finish AS timestamp) AT TIME ZONE :zone
    ) AS begun
    JOIN business_day first ON first.day = (opened_at AT TIME ZONE :zone)::date
    JOIN business_day last ON last.day = (ended AT TIME ZONE :zone)::date
), ends AS (
    SELECT wait,
           count(*)                                       AS n,
           count(*) FILTER (WHERE answered)               AS events,
           sum(count(*)) OVER (ORDER BY wait DESC)::float AS at_risk
    FROM waits
    GROUP BY wait
), curve AS (
    SELECT wait,
           CASE WHEN events = at_risk THEN 0
                ELSE exp(sum(ln(1 - events / at_risk)) FILTER (WHERE events < at_risk) OVER (ORDER BY wait))
           END AS waiting
    FROM ends
    WHERE events > 0
)
SELECT (SELECT extract(epoch FROM min(wait)) / 3600.0 FROM curve WHERE waiting <= 0.5 + 1e-12) AS value,
       coalesce(sum(n), 0)                                                                     AS n,
       NULL::float                                                                             AS numerator,
       coalesce(sum(n), 0)                                                                     AS denominator
FROM ends;
