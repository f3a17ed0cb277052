-- What accounts pay, are offered and wish for.

CREATE VIEW reporting.revenue AS
SELECT
    a.account,
    a.account_name,
    a.segment,
    a.owner,
    a.owner_name,
    nullif(r.key, '') AS revenue,
    r.kind,
    r.starts_on,
    r.ends_on,
    round(r.amount_minor / power(10::numeric, coalesce(unusual.decimals, 2)), coalesce(unusual.decimals, 2)) AS amount,
    r.currency,
    r.amount_minor,
    (r.starts_on <= w.today AND (r.ends_on IS NULL OR r.ends_on > w.today)) AS is_running
FROM reporting_workspace w
JOIN revenue r USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id)
LEFT JOIN reporting_currency unusual ON unusual.currency = r.currency;

COMMENT ON VIEW reporting.revenue IS 'What accounts pay: one row an amount and the days it covers, each in its own currency.';
COMMENT ON COLUMN reporting.revenue.revenue IS 'Tells rows apart that begin on the same day.';
COMMENT ON COLUMN reporting.revenue.kind IS 'recurring: the amount is per month; project: it is the total of its days.';
COMMENT ON COLUMN reporting.revenue.starts_on IS 'First day it covers.';
COMMENT ON COLUMN reporting.revenue.ends_on IS 'First day it does not cover; empty: it runs on.';
COMMENT ON COLUMN reporting.revenue.amount IS 'In major units of its currency.';
COMMENT ON COLUMN reporting.revenue.currency IS 'ISO 4217 code. Convert before adding up different ones.';
COMMENT ON COLUMN reporting.revenue.amount_minor IS 'The same in minor units, as it is stored.';
COMMENT ON COLUMN reporting.revenue.is_running IS 'Whether it covers today.';

CREATE VIEW reporting.offers AS
SELECT
    f.key AS offer,
    a.account,
    a.account_name,
    a.segment,
    a.owner,
    a.owner_name,
    f.kind,
    f.kind IN ('upsell', 'cross_sell') AS is_upsell,
    round(f.amount_minor / power(10::numeric, coalesce(unusual.decimals, 2)), coalesce(unusual.decimals, 2)) AS amount,
    f.currency,
    f.amount_minor,
    f.offered_on,
    f.decided_on,
    f.outcome
FROM reporting_workspace w
JOIN offer f USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id)
LEFT JOIN reporting_currency unusual ON unusual.currency = f.currency;

COMMENT ON VIEW reporting.offers IS 'What accounts were offered beyond what they buy: one row an offer.';
COMMENT ON COLUMN reporting.offers.offer IS 'Its key.';
COMMENT ON COLUMN reporting.offers.kind IS 'What kind of offer: upsell, cross_sell or a word of your own.';
COMMENT ON COLUMN reporting.offers.is_upsell IS 'Whether the KPIs upsell_ratio and upsell_success count it.';
COMMENT ON COLUMN reporting.offers.amount IS 'In major units of its currency.';
COMMENT ON COLUMN reporting.offers.currency IS 'ISO 4217 code. Convert before adding up different ones.';
COMMENT ON COLUMN reporting.offers.amount_minor IS 'The same in minor units, as it is stored.';
COMMENT ON COLUMN reporting.offers.offered_on IS 'The day it was made.';
COMMENT ON COLUMN reporting.offers.decided_on IS 'The day it was won or lost.';
COMMENT ON COLUMN reporting.offers.outcome IS 'won, lost or open.';

CREATE VIEW reporting.feedback AS
SELECT
    f.key AS feedback,
    a.account,
    a.account_name,
    a.segment,
    c.contact,
    coalesce(held.key, a.owner) AS owner,
    coalesce(held.name, a.owner_name) AS owner_name,
    f.text,
    f.actionable AS is_actionable,
    CASE
        WHEN f.implemented_at IS NOT NULL THEN 'implemented'
        WHEN f.declined_at IS NOT NULL THEN 'declined'
        WHEN f.planned_at IS NOT NULL THEN 'planned'
        WHEN f.triaged_at IS NOT NULL THEN 'triaged'
        ELSE 'received'
    END AS stage,
    f.received_at,
    (f.received_at AT TIME ZONE w.timezone)::date AS received_on,
    f.triaged_at,
    f.planned_at,
    f.implemented_at,
    f.declined_at,
    f.decline_reason,
    f.client_told_at
FROM reporting_workspace w
JOIN feedback f USING (workspace_id)
JOIN reporting_account a USING (workspace_id, account_id)
LEFT JOIN reporting_contact c ON c.workspace_id = f.workspace_id AND c.contact_id = f.contact_id
LEFT JOIN owner held ON held.workspace_id = f.workspace_id AND held.owner_id = f.owner_id;

COMMENT ON VIEW reporting.feedback IS 'What clients wished for, and what became of it: one row a wish.';
COMMENT ON COLUMN reporting.feedback.feedback IS 'Its key.';
COMMENT ON COLUMN reporting.feedback.contact IS 'Who wished for it, by key.';
COMMENT ON COLUMN reporting.feedback.owner IS 'Who sees to it, else who looks after the account today, by key.';
COMMENT ON COLUMN reporting.feedback.owner_name IS 'Their name.';
COMMENT ON COLUMN reporting.feedback.text IS 'The wish in words.';
COMMENT ON COLUMN reporting.feedback.is_actionable IS 'Whether something can be done about it; empty: nobody judged yet.';
COMMENT ON COLUMN reporting.feedback.stage IS 'How far it came: received, triaged, planned, implemented or declined.';
COMMENT ON COLUMN reporting.feedback.received_at IS 'When it was received.';
COMMENT ON COLUMN reporting.feedback.received_on IS 'The day of received_at in the workspace''s zone.';
COMMENT ON COLUMN reporting.feedback.triaged_at IS 'When somebody judged it.';
COMMENT ON COLUMN reporting.feedback.planned_at IS 'When it was planned.';
COMMENT ON COLUMN reporting.feedback.implemented_at IS 'When it was done.';
COMMENT ON COLUMN reporting.feedback.declined_at IS 'When it was declined.';
COMMENT ON COLUMN reporting.feedback.decline_reason IS 'Why it was declined.';
COMMENT ON COLUMN reporting.feedback.client_told_at IS 'When the client heard of the outcome.';
