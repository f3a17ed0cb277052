-- What was published, what it means and what is aimed for.

CREATE VIEW reporting.kpi_values AS
SELECT
    v.kpi_key AS kpi,
    v.document::jsonb ->> 'label' AS label,
    v.document::jsonb ->> 'unit' AS unit,
    -- A value keeps a digest of the currency it was published in.
    CASE
        WHEN v.document::jsonb ->> 'unit' = 'money' AND v.basis #>> '{settings,currency}'
            = left(encode(sha256(convert_to('"' || w.currency || '"', 'UTF8')), 'hex'), 16)
        THEN w.currency
    END AS currency,
    v.scope_kind AS scope,
    CASE v.scope_kind WHEN 'workspace' THEN NULL WHEN 'segment' THEN v.scope_id ELSE named.scope_name END AS scope_name,
    v.period_key AS period,
    CASE
        WHEN v.period_key ~ '\.\.' THEN 'rolling'
        WHEN v.period_key ~ 'W' THEN 'week'
        WHEN v.period_key ~ 'Q' THEN 'quarter'
        WHEN v.period_key ~ 'H' THEN 'half'
        WHEN v.period_key ~ '-..-' THEN 'day'
        WHEN v.period_key ~ '-' THEN 'month'
        ELSE 'year'
    END AS period_kind,
    v.starts_on,
    v.ends_on,
    v.value,
    v.low,
    v.high,
    v.n,
    v.accounts,
    v.status,
    v.reason,
    v.numerator,
    v.denominator,
    v.target,
    v.variant,
    v.definition_version,
    v.revision,
    v.revision_reason,
    row_number() OVER (
        PARTITION BY v.workspace_id, v.kpi_key, v.scope_kind, v.scope_id, v.period_key
        ORDER BY v.definition_version DESC, v.revision DESC
    ) = 1 AS is_latest,
    v.as_of,
    v.published_at,
    (v.published_at AT TIME ZONE w.timezone)::date AS published_on
FROM reporting_workspace w
JOIN kpi_value v USING (workspace_id)
LEFT JOIN reporting_scope named USING (workspace_id, scope_kind, scope_id);

COMMENT ON VIEW reporting.kpi_values IS 'Published values of closed periods with their revisions: one row each. Filter by is_latest for what holds today.';
COMMENT ON COLUMN reporting.kpi_values.kpi IS 'The KPI''s key.';
COMMENT ON COLUMN reporting.kpi_values.label IS 'Its name as people read it.';
COMMENT ON COLUMN reporting.kpi_values.unit IS 'What value, low, high and target are in: percent (0 to 100), points, hours, money in major units, and so on.';
COMMENT ON COLUMN reporting.kpi_values.currency IS 'Of a KPI in money: its currency; empty where it was published in another one than today''s.';
COMMENT ON COLUMN reporting.kpi_values.scope IS 'Whose facts it covers: workspace, account, segment or owner.';
COMMENT ON COLUMN reporting.kpi_values.scope_name IS 'The account''s, segment''s or owner''s name; empty: the whole workspace.';
COMMENT ON COLUMN reporting.kpi_values.period IS 'The period''s key, such as 2026-09, 2026-Q3 or 2026-W36.';
COMMENT ON COLUMN reporting.kpi_values.period_kind IS 'day, week, month, quarter, half, year, or rolling: a window that is no unit of the calendar.';
COMMENT ON COLUMN reporting.kpi_values.starts_on IS 'First day of the period.';
COMMENT ON COLUMN reporting.kpi_values.ends_on IS 'First day after the period.';
COMMENT ON COLUMN reporting.kpi_values.value IS 'The value; empty where status is insufficient or undefined, never 0 for want of data.';
COMMENT ON COLUMN reporting.kpi_values.low IS 'Lower end of its 95 % interval.';
COMMENT ON COLUMN reporting.kpi_values.high IS 'Upper end of its 95 % interval.';
COMMENT ON COLUMN reporting.kpi_values.n IS 'How many answers, accounts and so on it rests on.';
COMMENT ON COLUMN reporting.kpi_values.accounts IS 'How many accounts those come from.';
COMMENT ON COLUMN reporting.kpi_values.status IS 'How far it can be trusted: full, indicative, insufficient (withheld, so that small groups stay private) or undefined.';
COMMENT ON COLUMN reporting.kpi_values.reason IS 'Why there is no value.';
COMMENT ON COLUMN reporting.kpi_values.numerator IS 'What was divided.';
COMMENT ON COLUMN reporting.kpi_values.denominator IS 'By what it was divided.';
COMMENT ON COLUMN reporting.kpi_values.target IS 'What was aimed for.';
COMMENT ON COLUMN reporting.kpi_values.variant IS 'Which of the KPI''s ways of counting it is.';
COMMENT ON COLUMN reporting.kpi_values.definition_version IS 'The definition it was computed by; kpi_definitions has its words.';
COMMENT ON COLUMN reporting.kpi_values.revision IS '0: as first published; each revision counts up.';
COMMENT ON COLUMN reporting.kpi_values.revision_reason IS 'What changed and why.';
COMMENT ON COLUMN reporting.kpi_values.is_latest IS 'Whether it is the last word on its KPI, scope and period.';
COMMENT ON COLUMN reporting.kpi_values.as_of IS 'The instant whose knowledge it rests on.';
COMMENT ON COLUMN reporting.kpi_values.published_at IS 'When it was published.';
COMMENT ON COLUMN reporting.kpi_values.published_on IS 'The day of published_at in the workspace''s zone.';

CREATE VIEW reporting.kpi_definitions AS
SELECT
    d.kpi_key AS kpi,
    d.definition_version,
    shown.document ->> 'label' AS label,
    shown.document ->> 'unit' AS unit,
    d.variant,
    d.formula,
    d.definition_version = max(d.definition_version) OVER (PARTITION BY d.workspace_id, d.kpi_key) AS is_latest,
    d.first_published_at
FROM reporting_workspace w
JOIN kpi_definition d USING (workspace_id)
LEFT JOIN LATERAL (
    SELECT v.document::jsonb AS document
    FROM kpi_value v
    WHERE (v.workspace_id, v.kpi_key, v.definition_version) = (d.workspace_id, d.kpi_key, d.definition_version)
    ORDER BY v.published_at DESC
    LIMIT 1
) shown ON true;

COMMENT ON VIEW reporting.kpi_definitions IS 'What the published values mean: one row a KPI and version of its definition.';
COMMENT ON COLUMN reporting.kpi_definitions.kpi IS 'The KPI''s key.';
COMMENT ON COLUMN reporting.kpi_definitions.definition_version IS 'Counts up whenever the KPI is defined anew.';
COMMENT ON COLUMN reporting.kpi_definitions.label IS 'Its name as people read it, as last published.';
COMMENT ON COLUMN reporting.kpi_definitions.unit IS 'What its values are in.';
COMMENT ON COLUMN reporting.kpi_definitions.variant IS 'Which of its ways of counting is used.';
COMMENT ON COLUMN reporting.kpi_definitions.formula IS 'The formula in words.';
COMMENT ON COLUMN reporting.kpi_definitions.is_latest IS 'Whether no newer version was published by.';
COMMENT ON COLUMN reporting.kpi_definitions.first_published_at IS 'When a value was first published by it.';

CREATE VIEW reporting.targets AS
SELECT
    t.kpi_key AS kpi,
    t.scope_kind AS scope,
    CASE t.scope_kind WHEN 'workspace' THEN NULL WHEN 'segment' THEN t.scope_id ELSE named.scope_name END AS scope_name,
    t.value,
    t.valid_from AS valid_from_on,
    t.recorded_at,
    row_number() OVER (
        PARTITION BY t.workspace_id, t.kpi_key, t.scope_kind, t.scope_id, t.valid_from
        ORDER BY t.recorded_at DESC, t.target_id DESC
    ) = 1 AS is_latest
FROM reporting_workspace w
JOIN target t USING (workspace_id)
LEFT JOIN reporting_scope named USING (workspace_id, scope_kind, scope_id);

COMMENT ON VIEW reporting.targets IS 'What is aimed for by kpibot target set: one row each time it was said. Those of kpis.yaml are in kpi_values only.';
COMMENT ON COLUMN reporting.targets.kpi IS 'The KPI''s key.';
COMMENT ON COLUMN reporting.targets.scope IS 'Whose target it is: workspace, account, segment or owner.';
COMMENT ON COLUMN reporting.targets.scope_name IS 'The account''s, segment''s or owner''s name; empty: the whole workspace.';
COMMENT ON COLUMN reporting.targets.value IS 'In the KPI''s unit; empty: nothing is aimed for from that day on.';
COMMENT ON COLUMN reporting.targets.valid_from_on IS 'The first day it holds.';
COMMENT ON COLUMN reporting.targets.recorded_at IS 'When it was said.';
COMMENT ON COLUMN reporting.targets.is_latest IS 'Whether nothing was said of the same day later.';

CREATE VIEW reporting.digests AS
SELECT
    s.cadence,
    s.scope_kind AS scope,
    CASE s.scope_kind WHEN 'workspace' THEN NULL WHEN 'segment' THEN s.scope_id ELSE named.scope_name END AS scope_name,
    s.channel_id AS channel,
    r.period_key AS period,
    r.state,
    r.reason,
    r.due_at,
    r.posted_at
FROM reporting_workspace w
JOIN digest_run r USING (workspace_id)
JOIN digest_subscription s USING (workspace_id, subscription_id)
LEFT JOIN reporting_scope named USING (workspace_id, scope_kind, scope_id);

COMMENT ON VIEW reporting.digests IS 'Digests that fell due, and what became of them: one row a channel, cadence and period.';
COMMENT ON COLUMN reporting.digests.cadence IS 'weekly, monthly, quarterly, half_yearly or yearly.';
COMMENT ON COLUMN reporting.digests.scope IS 'What it is about: workspace, account, segment or owner.';
COMMENT ON COLUMN reporting.digests.scope_name IS 'The account''s, segment''s or owner''s name; empty: the whole workspace.';
COMMENT ON COLUMN reporting.digests.channel IS 'The Slack channel of ours it is posted in, by id.';
COMMENT ON COLUMN reporting.digests.period IS 'The period it reports, by key.';
COMMENT ON COLUMN reporting.digests.state IS 'due, queued, posted, skipped, unknown (it may or may not have arrived) or dead.';
COMMENT ON COLUMN reporting.digests.reason IS 'Why it was skipped or never went.';
COMMENT ON COLUMN reporting.digests.due_at IS 'When it was due.';
COMMENT ON COLUMN reporting.digests.posted_at IS 'When it was posted.';
