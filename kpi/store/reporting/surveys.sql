-- What clients were asked and what they answered.

CREATE VIEW reporting.surveys AS
SELECT
    s.key AS survey,
    a.account,
    a.account_name,
    a.segment,
    c.contact,
    i.key AS interaction,
    coalesce(sender.key, holder.key, a.owner) AS owner,
    coalesce(sender.name, holder.name, a.owner_name) AS owner_name,
    s.instrument,
    nullif(s.programme, '') AS programme,
    s.is_anonymous,
    s.locale AS language,
    nullif(s.wording_version, '') AS wording,
    s.series,
    s.place,
    s.state,
    s.reason,
    s.state = 'cancelled' AND s.decided_by IS NOT NULL AS is_called_off_by_hand,
    CASE
        WHEN s.state NOT IN ('posted', 'answered', 'expired') THEN NULL
        WHEN s.state = 'answered' OR EXISTS (
            SELECT FROM reply r WHERE r.workspace_id = s.workspace_id AND r.survey_id = s.survey_id
        ) THEN 'answered'
        WHEN s.expires_at <= now() OR (s.expires_at IS NULL AND s.state = 'expired') THEN 'expired'
        ELSE 'open'
    END AS outcome,
    s.due_at,
    s.posted_at,
    (s.posted_at AT TIME ZONE w.timezone)::date AS posted_on,
    s.expires_at,
    s.declined_at,
    s.reminders,
    s.sampling_probability
FROM reporting_workspace w
JOIN survey s USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id)
LEFT JOIN reporting_contact c ON c.workspace_id = s.workspace_id AND c.contact_id = s.contact_id
LEFT JOIN interaction i ON i.workspace_id = s.workspace_id AND i.interaction_id = s.interaction_id
LEFT JOIN owner sender ON sender.workspace_id = s.workspace_id AND sender.owner_id = s.owner_at_send
LEFT JOIN owner holder ON holder.workspace_id = i.workspace_id AND holder.owner_id = i.owner_id;

COMMENT ON VIEW reporting.surveys IS 'Questions to clients: one row each, with those that were held back and why. What was answered stands in answers.';
COMMENT ON COLUMN reporting.surveys.survey IS 'Its key.';
COMMENT ON COLUMN reporting.surveys.contact IS 'Who is asked, by key; empty: whoever saw it.';
COMMENT ON COLUMN reporting.surveys.interaction IS 'The interaction it is about, by key.';
COMMENT ON COLUMN reporting.surveys.owner IS 'Who looked after the account when it was sent, by key.';
COMMENT ON COLUMN reporting.surveys.owner_name IS 'Their name.';
COMMENT ON COLUMN reporting.surveys.instrument IS 'csat, nps or ces.';
COMMENT ON COLUMN reporting.surveys.programme IS 'The programme of config/surveys.yaml it belongs to; empty: it came from a file.';
COMMENT ON COLUMN reporting.surveys.is_anonymous IS 'Whether anonymity is promised.';
COMMENT ON COLUMN reporting.surveys.language IS 'The language it is asked in.';
COMMENT ON COLUMN reporting.surveys.wording IS 'The version of its words.';
COMMENT ON COLUMN reporting.surveys.series IS 'Which series of its words; answers of different ones are not compared.';
COMMENT ON COLUMN reporting.surveys.place IS 'Where it is asked: thread, dm or link.';
COMMENT ON COLUMN reporting.surveys.state IS 'scheduled, suppressed, posted, answered, expired, cancelled or failed.';
COMMENT ON COLUMN reporting.surveys.reason IS 'Why it was suppressed or cancelled, or failed.';
COMMENT ON COLUMN reporting.surveys.is_called_off_by_hand IS 'Whether somebody called it off, and not what happened.';
COMMENT ON COLUMN reporting.surveys.outcome IS 'Of one that was posted: answered, expired or still open now; the KPI survey_response_rate divides the answered by the answered and expired.';
COMMENT ON COLUMN reporting.surveys.due_at IS 'When it was to be posted.';
COMMENT ON COLUMN reporting.surveys.posted_at IS 'When it was posted; an index serves ranges of it.';
COMMENT ON COLUMN reporting.surveys.posted_on IS 'The day of posted_at in the workspace''s zone.';
COMMENT ON COLUMN reporting.surveys.expires_at IS 'When it closes, or closed.';
COMMENT ON COLUMN reporting.surveys.declined_at IS 'When they asked for no more questions instead of answering it; it expired then.';
COMMENT ON COLUMN reporting.surveys.reminders IS 'How often it was brought up again.';
COMMENT ON COLUMN reporting.surveys.sampling_probability IS 'How likely it was to be sent.';

-- Whoever nobody knows as a contact answered without a name: what could name them is left out in this one place.
-- The answer's own contact and survey then are not read at all, so that no other column can give them away.
-- Answers promised to be anonymous stand apart, five at a time, in an order that says nothing of when each was given; an
-- index serves ranges of answered_at for the others.
CREATE VIEW reporting.answers AS
SELECT
    r.reply_id AS answer,
    a.account,
    a.account_name,
    a.segment,
    said.is_anonymous,
    c.contact,
    s.key AS survey,
    i.key AS interaction,
    coalesce(asked.key, a.owner) AS owner,
    coalesce(asked.name, a.owner_name) AS owner_name,
    r.instrument,
    r.score,
    CASE r.instrument
        WHEN 'csat' THEN r.score >= 4
        WHEN 'nps' THEN r.score >= 9
        WHEN 'ces' THEN r.score >= 5
    END AS is_positive,
    r.instrument = 'nps' AND r.score <= 6 AS is_detractor,
    CASE WHEN NOT said.is_anonymous THEN r.comment END AS comment,
    nullif(btrim(r.comment), '') IS NOT NULL AS has_comment,
    r.answered_at,
    (r.answered_at AT TIME ZONE w.timezone)::date AS answered_on
FROM reporting_workspace w
JOIN reply r USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id)
CROSS JOIN LATERAL (SELECT r.contact_id IS NULL AS is_anonymous) said
LEFT JOIN reporting_contact c
    ON c.workspace_id = r.workspace_id AND c.contact_id = r.contact_id AND NOT said.is_anonymous
LEFT JOIN survey promised ON promised.workspace_id = r.workspace_id AND promised.survey_id = r.survey_id
LEFT JOIN survey s ON s.workspace_id = r.workspace_id AND s.survey_id = r.survey_id AND NOT said.is_anonymous
LEFT JOIN interaction i
    ON i.workspace_id = r.workspace_id AND i.interaction_id = r.interaction_id AND NOT said.is_anonymous
LEFT JOIN owner asked ON asked.workspace_id = r.workspace_id AND asked.owner_id = r.owner_id
WHERE promised.is_anonymous IS NOT TRUE AND NOT starts_with(r.respondent, 'anonymous:')
UNION ALL
(
    SELECT
        NULL,
        told.account,
        told.account_name,
        told.segment,
        true,
        NULL,
        NULL,
        NULL,
        CASE WHEN n.told_at IS NOT NULL THEN coalesce(asked.key, told.owner) END,
        CASE WHEN n.told_at IS NOT NULL THEN coalesce(asked.name, told.owner_name) END,
        r.instrument,
        CASE WHEN n.told_at IS NOT NULL THEN r.score END AS score,
        CASE
            WHEN n.told_at IS NULL THEN NULL
            WHEN r.instrument = 'csat' THEN r.score >= 4
            WHEN r.instrument = 'nps' THEN r.score >= 9
            WHEN r.instrument = 'ces' THEN r.score >= 5
        END,
        CASE WHEN n.told_at IS NOT NULL THEN r.instrument = 'nps' AND r.score <= 6 END,
        NULL,
        CASE WHEN n.told_at IS NOT NULL THEN nullif(btrim(r.comment), '') IS NOT NULL END,
        coalesce(n.told_at, r.answered_at),
        (coalesce(n.told_at, r.answered_at) AT TIME ZONE w.timezone)::date
    FROM reporting_workspace w
    JOIN reporting_anonymous n USING (workspace_id)
    JOIN reply r ON r.workspace_id = n.workspace_id AND r.reply_id = n.reply_id
    LEFT JOIN reporting_account told
        ON told.workspace_id = r.workspace_id AND told.account_id = r.account_id AND n.told_at IS NOT NULL
    LEFT JOIN owner asked ON asked.workspace_id = r.workspace_id AND asked.owner_id = r.owner_id
    ORDER BY coalesce(n.told_at, r.answered_at), told.account, score
);

COMMENT ON VIEW reporting.answers IS 'What clients answered: one row an answer, at its first instant with its last score, as the KPIs count it.';
COMMENT ON COLUMN reporting.answers.answer IS 'Its number; empty where anonymity was promised.';
COMMENT ON COLUMN reporting.answers.account IS 'The account, by key; empty until five promised anonymity have answered about it.';
COMMENT ON COLUMN reporting.answers.is_anonymous IS 'Whether nobody knows who answered; contact, survey, interaction and comment are empty then. Where anonymity was promised, five of an account and instrument are told of at a time: until then account, owner and score are empty too.';
COMMENT ON COLUMN reporting.answers.contact IS 'Who answered, by key.';
COMMENT ON COLUMN reporting.answers.survey IS 'The question it answers, by key; empty: asked elsewhere, or anonymous.';
COMMENT ON COLUMN reporting.answers.interaction IS 'The interaction it is about, by key.';
COMMENT ON COLUMN reporting.answers.owner IS 'Whose answer it is: who looked after the account when it was asked, else who does today, by key.';
COMMENT ON COLUMN reporting.answers.owner_name IS 'Their name.';
COMMENT ON COLUMN reporting.answers.instrument IS 'csat (1 to 5), nps (0 to 10) or ces (1 to 7).';
COMMENT ON COLUMN reporting.answers.score IS 'The score as last given; empty until five promised anonymity are there.';
COMMENT ON COLUMN reporting.answers.is_positive IS 'Whether the KPI counts it in favour: csat 4 and 5, nps 9 and 10 (promoters), ces 5 to 7.';
COMMENT ON COLUMN reporting.answers.is_detractor IS 'Whether it is an nps score of 0 to 6.';
COMMENT ON COLUMN reporting.answers.comment IS 'What they wrote to us; empty where the answer is anonymous.';
COMMENT ON COLUMN reporting.answers.has_comment IS 'Whether they wrote anything; empty as the score is.';
COMMENT ON COLUMN reporting.answers.answered_at IS 'When they first answered, of five promised anonymity when the fifth did; an index serves ranges of it for an instrument.';
COMMENT ON COLUMN reporting.answers.answered_on IS 'The day of answered_at in the workspace''s zone.';
