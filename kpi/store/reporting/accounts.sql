-- Clients: the workspace, who looks after whom, contracts and people.

CREATE VIEW reporting.workspace AS
SELECT timezone, currency, today FROM reporting_workspace;

COMMENT ON VIEW reporting.workspace IS 'How this workspace counts: one row.';
COMMENT ON COLUMN reporting.workspace.timezone IS 'The zone whose days the columns ending in _on are.';
COMMENT ON COLUMN reporting.workspace.currency IS 'What KPIs in money are in.';
COMMENT ON COLUMN reporting.workspace.today IS 'The day it is there now.';

CREATE VIEW reporting.owners AS
SELECT
    o.key AS owner,
    o.name AS owner_name,
    manager.key AS manager,
    manager.name AS manager_name,
    (SELECT count(*) FROM account a WHERE a.workspace_id = o.workspace_id AND a.owner_id = o.owner_id) AS accounts
FROM reporting_workspace w
JOIN owner o USING (workspace_id)
LEFT JOIN owner manager ON manager.workspace_id = o.workspace_id AND manager.owner_id = o.manager_id;

COMMENT ON VIEW reporting.owners IS 'Account managers: one row each.';
COMMENT ON COLUMN reporting.owners.owner IS 'Their key, the same in every view and file.';
COMMENT ON COLUMN reporting.owners.owner_name IS 'Their name.';
COMMENT ON COLUMN reporting.owners.manager IS 'Whom they report to, by key.';
COMMENT ON COLUMN reporting.owners.manager_name IS 'The name of whom they report to.';
COMMENT ON COLUMN reporting.owners.accounts IS 'How many accounts they look after today.';

CREATE VIEW reporting.accounts AS
SELECT
    known.account,
    known.account_name,
    known.segment,
    a.plan,
    known.owner,
    known.owner_name,
    a.language,
    a.timezone,
    a.currency,
    a.observed_from AS observed_from_on,
    terms.client_since_on,
    terms.client_until_on,
    coalesce(terms.is_client, false) AS is_client
FROM reporting_workspace w
JOIN account a USING (workspace_id)
JOIN reporting_account known USING (workspace_id, account_id)
LEFT JOIN (
    SELECT
        t.workspace_id,
        t.account_id,
        min(t.starts_on) AS client_since_on,
        CASE WHEN bool_and(t.ends_on IS NOT NULL) THEN max(t.ends_on) END AS client_until_on,
        bool_or(t.starts_on <= zone.today AND (t.ends_on IS NULL OR t.ends_on > zone.today)) AS is_client
    FROM account_term t
    JOIN reporting_workspace zone USING (workspace_id)
    GROUP BY t.workspace_id, t.account_id
) terms USING (workspace_id, account_id);

COMMENT ON VIEW reporting.accounts IS 'Client companies: one row each, with those that left.';
COMMENT ON COLUMN reporting.accounts.account IS 'Its key, the same in every view and file.';
COMMENT ON COLUMN reporting.accounts.account_name IS 'Its name.';
COMMENT ON COLUMN reporting.accounts.segment IS 'The group it is compared by, as of today.';
COMMENT ON COLUMN reporting.accounts.plan IS 'What it bought.';
COMMENT ON COLUMN reporting.accounts.owner IS 'Who looks after it today, by key.';
COMMENT ON COLUMN reporting.accounts.owner_name IS 'The name of who looks after it today.';
COMMENT ON COLUMN reporting.accounts.language IS 'What its people are asked in.';
COMMENT ON COLUMN reporting.accounts.timezone IS 'Where its people work.';
COMMENT ON COLUMN reporting.accounts.currency IS 'What it pays in; empty: the workspace''s currency.';
COMMENT ON COLUMN reporting.accounts.observed_from_on IS 'First day the data covers it; empty: since its first term.';
COMMENT ON COLUMN reporting.accounts.client_since_on IS 'First day of its first term.';
COMMENT ON COLUMN reporting.accounts.client_until_on IS 'First day without service after its last term; empty: a term has no end.';
COMMENT ON COLUMN reporting.accounts.is_client IS 'Whether a term runs today.';

CREATE VIEW reporting.terms AS
SELECT
    a.account,
    a.account_name,
    a.segment,
    a.owner,
    a.owner_name,
    t.starts_on,
    t.ends_on,
    t.notice_on,
    t.reason,
    (t.starts_on <= w.today AND (t.ends_on IS NULL OR t.ends_on > w.today)) AS is_running
FROM reporting_workspace w
JOIN account_term t USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id);

COMMENT ON VIEW reporting.terms IS 'Contracts: the days an account is a client. One that came back has several rows.';
COMMENT ON COLUMN reporting.terms.starts_on IS 'First day of service.';
COMMENT ON COLUMN reporting.terms.ends_on IS 'First day without service; empty: it has no end.';
COMMENT ON COLUMN reporting.terms.notice_on IS 'The day the end was announced.';
COMMENT ON COLUMN reporting.terms.reason IS 'Why it ended.';
COMMENT ON COLUMN reporting.terms.is_running IS 'Whether today is a day of service.';

CREATE VIEW reporting.contacts AS
SELECT
    c.contact,
    a.account,
    a.account_name,
    a.segment,
    coalesce(c.language, account.language) AS language,
    c.opted_out_at,
    c.opted_out_at IS NOT NULL AS has_opted_out,
    c.confirmed_at IS NOT NULL AS is_confirmed
FROM reporting_workspace w
JOIN reporting_contact c USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id)
JOIN account USING (workspace_id, account_id);

COMMENT ON VIEW reporting.contacts IS 'People at client companies: one row each, without names and addresses.';
COMMENT ON COLUMN reporting.contacts.contact IS 'Their key, the same in every view; slack- and a number where no file has named them yet.';
COMMENT ON COLUMN reporting.contacts.account IS 'The account they belong to, by key.';
COMMENT ON COLUMN reporting.contacts.language IS 'What they are asked in, by their own wish or as their account; empty: the workspace''s.';
COMMENT ON COLUMN reporting.contacts.opted_out_at IS 'When they asked not to be asked.';
COMMENT ON COLUMN reporting.contacts.has_opted_out IS 'Whether they asked not to be asked.';
COMMENT ON COLUMN reporting.contacts.is_confirmed IS 'Whether somebody of ours confirmed them.';
