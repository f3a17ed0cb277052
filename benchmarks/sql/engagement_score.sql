-- The median of the accounts' points of the last 90 days, on a scale on which the 90th percentile of the half-year
-- before has 100; a day's points halve every 30 days.
WITH days AS (
    SELECT CAST(:finish AS date) - 1 AS last
    UNION
    SELECT (date_trunc('year', CAST(:finish AS date))
            + CASE WHEN extract(month FROM CAST(:finish AS date)) >= 7 THEN interval '6 months' ELSE '0' END)::date - 1
), active AS (
    SELECT DISTINCT last, account_id
    FROM days
    JOIN account a ON a.workspace_id = :workspace AND coalesce(a.observed_from <= last, true)
    JOIN account_term t USING (workspace_id, account_id)
    WHERE t.starts_on <= last
      AND coalesce(t.ends_on > last, true)
), lively AS (
    SELECT last, coalesce(talk.points, 0) + coalesce(used.points, 0) AS points
    FROM active,
    LATERAL (
        SELECT sum((5 * (interactions - meetings) + 10 * meetings
                    + 5 * survey_answers + (coalesce(from_client, 0) > 0)::int)
                   * 0.5::float ^ ((last - day) / 30.0::float)) AS points
        FROM account_day d
        WHERE d.workspace_id = :workspace
          AND d.account_id = active.account_id
          AND d.day BETWEEN last - 89 AND last
    ) AS talk,
    LATERAL (
        SELECT sum(0.5::float ^ ((last - day) / 30.0::float)) AS points
        FROM (
            SELECT DISTINCT day
            FROM usage_day u
            WHERE u.workspace_id = :workspace
              AND u.account_id = active.account_id
              AND u.day BETWEEN last - 89 AND last
              AND u.value > 0
        ) AS days_used
    ) AS used
), scales AS (
    SELECT last, percentile_cont(0.9) WITHIN GROUP (ORDER BY points) AS scale
    FROM lively
    GROUP BY last
), chosen AS (
    SELECT coalesce((SELECT nullif(scale, 0) FROM scales WHERE last = (SELECT min(last) FROM days)),
                    (SELECT nullif(scale, 0) FROM scales WHERE last = (SELECT max(last) FROM days))) AS scale
)
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(least(100, 100 * points / scale), 0)) AS value,
       count(*)                                                                                  AS n,
       NULL::float                                                                               AS numerator,
       count(*)                                                                                  AS denominator
FROM lively, chosen
WHERE last = CAST(:finish AS date) - 1;
