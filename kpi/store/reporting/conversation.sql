-- What happened with clients: interactions, days, use and waits.

CREATE VIEW reporting.interactions AS
SELECT
    i.key AS interaction,
    a.account,
    a.account_name,
    a.segment,
    c.contact,
    coalesce(held.key, a.owner) AS owner,
    coalesce(held.name, a.owner_name) AS owner_name,
    i.kind,
    i.kind IN ('meeting', 'review') AS is_meeting,
    i.occurred_at,
    (i.occurred_at AT TIME ZONE w.timezone)::date AS occurred_on,
    i.recorded_at,
    i.source
FROM reporting_workspace w
JOIN interaction i USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id)
LEFT JOIN reporting_contact c ON c.workspace_id = i.workspace_id AND c.contact_id = i.contact_id
LEFT JOIN owner held ON held.workspace_id = i.workspace_id AND held.owner_id = i.owner_id
WHERE i.withdrawn_at IS NULL;

COMMENT ON VIEW reporting.interactions IS 'Meetings, calls, deliveries and so on: one row each, without those that were taken back.';
COMMENT ON COLUMN reporting.interactions.interaction IS 'Its key.';
COMMENT ON COLUMN reporting.interactions.contact IS 'Whom it was with, by key.';
COMMENT ON COLUMN reporting.interactions.owner IS 'Who held it, else who looks after the account today, by key.';
COMMENT ON COLUMN reporting.interactions.owner_name IS 'Their name.';
COMMENT ON COLUMN reporting.interactions.kind IS 'What it was: meeting, call, review, delivery, support or a word of your own.';
COMMENT ON COLUMN reporting.interactions.is_meeting IS 'Whether it counts as a meeting: a meeting or a review.';
COMMENT ON COLUMN reporting.interactions.occurred_at IS 'When it happened; an index serves ranges of it.';
COMMENT ON COLUMN reporting.interactions.occurred_on IS 'The day of occurred_at in the workspace''s zone.';
COMMENT ON COLUMN reporting.interactions.recorded_at IS 'When we came to know of it.';
COMMENT ON COLUMN reporting.interactions.source IS 'Where it was logged: slack, csv, or the program that sent it.';

CREATE VIEW reporting.messages_by_day AS
SELECT
    d.day,
    a.account,
    a.account_name,
    a.segment,
    a.owner,
    a.owner_name,
    d.from_client,
    d.from_us,
    d.interactions,
    d.meetings,
    d.survey_answers
FROM reporting_workspace w
JOIN account_day d USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id);

COMMENT ON VIEW reporting.messages_by_day IS 'How much was said with an account on a day: one row an account and day on which something was counted. Never what was said.';
COMMENT ON COLUMN reporting.messages_by_day.day IS 'The day, in the workspace''s zone; an index serves ranges of it.';
COMMENT ON COLUMN reporting.messages_by_day.from_client IS 'Messages the client wrote; empty: nobody counted them.';
COMMENT ON COLUMN reporting.messages_by_day.from_us IS 'Messages we wrote; empty: nobody counted them.';
COMMENT ON COLUMN reporting.messages_by_day.interactions IS 'Interactions of the day, meetings included.';
COMMENT ON COLUMN reporting.messages_by_day.meetings IS 'Meetings and reviews among the interactions.';
COMMENT ON COLUMN reporting.messages_by_day.survey_answers IS 'Survey answers first given on the day.';

CREATE VIEW reporting.usage AS
SELECT
    u.day,
    a.account,
    a.account_name,
    a.segment,
    a.owner,
    a.owner_name,
    u.metric,
    u.value
FROM reporting_workspace w
JOIN usage_day u USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id);

COMMENT ON VIEW reporting.usage IS 'How much an account used of what it bought: one row an account, day and metric.';
COMMENT ON COLUMN reporting.usage.day IS 'The day, in the workspace''s zone.';
COMMENT ON COLUMN reporting.usage.metric IS 'What was counted.';
COMMENT ON COLUMN reporting.usage.value IS 'How much of it.';

CREATE VIEW reporting.waits AS
SELECT
    e.key AS wait,
    a.account,
    a.account_name,
    a.segment,
    a.owner,
    a.owner_name,
    e.opened_at,
    (e.opened_at AT TIME ZONE w.timezone)::date AS opened_on,
    e.first_response_at,
    (extract(epoch FROM e.first_response_at - e.opened_at) / 3600.0)::float8 AS elapsed_hours,
    e.first_response_at IS NULL AS is_open
FROM reporting_workspace w
JOIN episode e USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id);

COMMENT ON VIEW reporting.waits IS 'How long clients waited for us: one row a message of theirs that waited for an answer.';
COMMENT ON COLUMN reporting.waits.wait IS 'Its key.';
COMMENT ON COLUMN reporting.waits.opened_at IS 'When the client wrote; an index serves ranges of it.';
COMMENT ON COLUMN reporting.waits.opened_on IS 'The day of opened_at in the workspace''s zone.';
COMMENT ON COLUMN reporting.waits.first_response_at IS 'When a person of ours answered; empty: nobody has yet.';
COMMENT ON COLUMN reporting.waits.elapsed_hours IS 'Hours by the clock, nights and weekends included; the KPI response_time counts business hours, and open waits too.';
COMMENT ON COLUMN reporting.waits.is_open IS 'Whether nobody has answered yet.';
