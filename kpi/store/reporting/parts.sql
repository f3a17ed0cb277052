-- What the views are put together from. Nobody else reads these; they stand beside the tables, not in the schema.

-- This deployment's one workspace. Its id is looked up once, so that indexes, which all begin with it, serve.
CREATE VIEW reporting_workspace AS
SELECT workspace_id, timezone, currency, (now() AT TIME ZONE timezone)::date AS today
FROM workspace
WHERE workspace_id = (SELECT min(workspace_id) FROM workspace);

CREATE VIEW reporting_account AS
SELECT
    a.workspace_id,
    a.account_id,
    a.key AS account,
    a.name AS account_name,
    a.segment,
    a.owner_id,
    o.key AS owner,
    o.name AS owner_name
FROM account a
LEFT JOIN owner o USING (workspace_id, owner_id);

-- Keys that we made ourselves hold the person's Slack id.
CREATE VIEW reporting_contact AS
SELECT
    workspace_id,
    contact_id,
    account_id,
    CASE WHEN starts_with(key, 'slack:') THEN 'slack-' || contact_id ELSE key END AS contact,
    language,
    opted_out_at,
    confirmed_at
FROM contact;

CREATE VIEW reporting_currency AS
SELECT currency, 0 AS decimals FROM unnest(string_to_array('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF', ' ')) AS currency
UNION ALL
SELECT currency, 3 FROM unnest(string_to_array('BHD IQD JOD KWD LYD OMR TND', ' ')) AS currency
UNION ALL
SELECT currency, 4 FROM unnest(string_to_array('CLF UYW', ' ')) AS currency;

-- The names of what published values and targets are about.
CREATE VIEW reporting_scope AS
SELECT workspace_id, 'account' AS scope_kind, account_id::text AS scope_id, key AS scope_key, name AS scope_name FROM account
UNION ALL
SELECT workspace_id, 'owner', owner_id::text, key, name FROM owner;

-- Answers that were promised to be anonymous, and the instant from which on they are told of: five of an account,
-- instrument and owner at a time, in the order they were given, when the fifth is there (kpi/store/anonymous.py too).
CREATE VIEW reporting_anonymous AS
SELECT workspace_id, reply_id, CASE WHEN count(*) OVER five = 5 THEN max(answered_at) OVER five END AS told_at
FROM (
    SELECT
        r.workspace_id,
        r.reply_id,
        r.account_id,
        r.instrument,
        r.owner_id,
        r.answered_at,
        (row_number() OVER (
            PARTITION BY r.workspace_id, r.account_id, r.instrument, r.owner_id ORDER BY r.answered_at, r.reply_id
        ) - 1) / 5 AS five
    FROM reply r
    LEFT JOIN survey s ON s.workspace_id = r.workspace_id AND s.survey_id = r.survey_id
    WHERE s.is_anonymous OR starts_with(r.respondent, 'anonymous:')
) numbered
WINDOW five AS (PARTITION BY workspace_id, account_id, instrument, owner_id, five);
