"""Answers and their edits: rows with the same survey and contact become one reply with all it ever said."""

from typing import Any

from sqlalchemy import text

from kpi.store.intake.merging import Counts
from kpi.store.intake.staging import Stage
from kpi.store.store import Tx

_ABSENT = """
UPDATE stage_replies s SET {column} = stored.{column}
FROM (
    SELECT e.key, e.comment, nullif(e.recorded_at, e.answered_at) AS recorded_at,
        v.key AS survey, c.key AS contact, i.key AS interaction, o.key AS owner
    FROM reply_edit e
    JOIN reply r ON r.workspace_id = e.workspace_id AND r.reply_id = e.reply_id
    LEFT JOIN survey v ON v.workspace_id = r.workspace_id AND v.survey_id = r.survey_id
    LEFT JOIN contact c ON c.workspace_id = r.workspace_id AND c.contact_id = r.contact_id
    LEFT JOIN interaction i ON i.workspace_id = r.workspace_id AND i.interaction_id = r.interaction_id
    LEFT JOIN owner o ON o.workspace_id = r.workspace_id AND o.owner_id = r.owner_id
    WHERE e.workspace_id = :workspace
) stored
WHERE stored.key = s.reply
"""
"""A column that did not come stays as it is stored."""

_STORED = """
    SELECT r.{column} FROM incoming JOIN reply_edit e USING (key)
    JOIN reply r ON r.workspace_id = e.workspace_id AND r.reply_id = e.reply_id
    WHERE e.workspace_id = :workspace
    UNION SELECT r.{column} FROM incoming JOIN reply r USING (survey_id) WHERE r.workspace_id = :workspace
"""

_CONCERNED = f"SELECT account_id FROM incoming UNION {_STORED.format(column='account_id')}"  # noqa: S608 our own words

_HOLD = """
SELECT count(*) FROM (
    SELECT FROM {table} WHERE workspace_id = :workspace AND {column} IN ({ids}) ORDER BY {column} FOR NO KEY UPDATE
) held
"""

_INCOMING = """
CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS
SELECT
    s.reply AS key, v.survey_id, a.account_id, c.contact_id, i.interaction_id, s.instrument, s.score, s.comment,
    coalesce(o.owner_id, v.owner_at_send, i.owner_id) AS owner_id,
    CASE WHEN v.survey_id IS NULL OR c.contact_id IS NULL THEN 'row:' || s.reply
         ELSE 'contact:' || c.contact_id END AS respondent,
    s.answered_at, coalesce(s.recorded_at, s.answered_at) AS recorded_at, NULL::bigint AS reply_id
FROM stage_replies s
JOIN account a ON a.workspace_id = :workspace AND a.key = s.account
LEFT JOIN survey v ON v.workspace_id = :workspace AND v.key = s.survey
LEFT JOIN contact c ON c.workspace_id = :workspace AND c.key = s.contact
LEFT JOIN interaction i ON i.workspace_id = :workspace AND i.key = s.interaction
LEFT JOIN owner o ON o.workspace_id = :workspace AND o.key = s.owner
WHERE NOT EXISTS (
    SELECT FROM reply_edit e
    JOIN reply r ON r.workspace_id = e.workspace_id AND r.reply_id = e.reply_id
    LEFT JOIN survey asked ON asked.workspace_id = r.workspace_id AND asked.survey_id = r.survey_id
    WHERE e.workspace_id = :workspace AND e.key = s.reply
        AND (asked.is_anonymous OR starts_with(r.respondent, 'anonymous:'))
)
"""
"""An anonymous answer goes out with less than is stored (`store.anonymous`): what comes back says nothing new of it."""

_FIND = """
UPDATE incoming SET reply_id = r.reply_id
FROM reply r
WHERE r.workspace_id = :workspace AND incoming.reply_id IS NULL AND r.respondent = incoming.respondent
    AND {same_survey}
"""

_ADD = """
INSERT INTO reply (workspace_id, survey_id, account_id, contact_id, interaction_id, owner_id, instrument, respondent,
    score, answered_at, edited_at, recorded_at)
SELECT DISTINCT ON (survey_id, respondent) :workspace, survey_id, account_id, contact_id, interaction_id, owner_id,
    instrument, respondent, score, answered_at, answered_at, recorded_at
FROM incoming WHERE reply_id IS NULL
ORDER BY survey_id, respondent, answered_at, key
"""

_TOUCHED = """
CREATE TEMPORARY TABLE touched_reply ON COMMIT DROP AS
SELECT reply_id FROM incoming
UNION
SELECT e.reply_id FROM reply_edit e JOIN incoming USING (key) WHERE e.workspace_id = :workspace
"""

_MERGE = """
WITH replied AS (
    UPDATE reply r SET account_id = i.account_id, contact_id = i.contact_id, interaction_id = i.interaction_id,
        owner_id = i.owner_id, instrument = i.instrument
    FROM (SELECT DISTINCT ON (reply_id) * FROM incoming ORDER BY reply_id, answered_at DESC, key DESC) i
    WHERE r.workspace_id = :workspace AND r.reply_id = i.reply_id
        AND (r.account_id, r.contact_id, r.interaction_id, r.owner_id, r.instrument)
            IS DISTINCT FROM (i.account_id, i.contact_id, i.interaction_id, i.owner_id, i.instrument)
    RETURNING r.reply_id
), merged AS (
    INSERT INTO reply_edit (workspace_id, reply_id, revision, key, score, comment, answered_at, recorded_at)
    SELECT :workspace, i.reply_id,
        (SELECT coalesce(max(e.revision), 0) FROM reply_edit e
            WHERE e.workspace_id = :workspace AND e.reply_id = i.reply_id)
        + row_number() OVER (PARTITION BY i.reply_id ORDER BY i.answered_at, i.key),
        i.key, i.score, i.comment, i.answered_at, i.recorded_at
    FROM incoming i
    ON CONFLICT (workspace_id, key) DO UPDATE SET reply_id = excluded.reply_id, revision = excluded.revision,
        score = excluded.score, comment = excluded.comment, answered_at = excluded.answered_at,
        recorded_at = excluded.recorded_at
    WHERE (reply_edit.reply_id, reply_edit.score, reply_edit.comment, reply_edit.answered_at, reply_edit.recorded_at)
        IS DISTINCT FROM
        (excluded.reply_id, excluded.score, excluded.comment, excluded.answered_at, excluded.recorded_at)
    RETURNING key, xmax = 0 AS is_new
)
SELECT
    (SELECT count(*) FROM merged WHERE is_new) AS new,
    (SELECT count(*) FROM incoming i WHERE NOT EXISTS (SELECT FROM merged m WHERE m.key = i.key AND m.is_new)
        AND (EXISTS (SELECT FROM merged m WHERE m.key = i.key)
            OR EXISTS (SELECT FROM replied r WHERE r.reply_id = i.reply_id))) AS changed
"""

_DAYS = """
INSERT INTO touched_day (account_id, day)
SELECT DISTINCT r.account_id, (r.answered_at AT TIME ZONE :zone)::date
FROM reply r JOIN touched_reply USING (reply_id) WHERE r.workspace_id = :workspace
"""

_FOLD = """
UPDATE reply r SET score = f.score, comment = f.comment, answered_at = f.first_at, edited_at = f.last_at,
    recorded_at = f.recorded_at
FROM (
    SELECT e.reply_id, min(e.answered_at) AS first_at,
        max(greatest(e.answered_at, e.recorded_at)) AS last_at, min(e.recorded_at) AS recorded_at,
        (array_agg(e.score ORDER BY e.answered_at DESC, e.revision DESC))[1] AS score,
        (array_agg(e.comment ORDER BY e.answered_at DESC, e.revision DESC) FILTER (WHERE e.comment IS NOT NULL))[1]
            AS comment
    FROM reply_edit e JOIN touched_reply USING (reply_id)
    WHERE e.workspace_id = :workspace
    GROUP BY e.reply_id
) f
WHERE r.workspace_id = :workspace AND r.reply_id = f.reply_id
    AND (r.score, r.comment, r.answered_at, r.edited_at, r.recorded_at)
        IS DISTINCT FROM (f.score, f.comment, f.first_at, f.last_at, f.recorded_at)
"""

_FORGET = """
DELETE FROM reply r USING touched_reply t
WHERE r.workspace_id = :workspace AND r.reply_id = t.reply_id AND NOT EXISTS (
    SELECT FROM reply_edit e WHERE e.workspace_id = r.workspace_id AND e.reply_id = r.reply_id)
"""


def merge(stage: Stage, zone: str) -> Counts:
    """Fold the staged answers into the stored ones; days of answers that moved, came or went are touched."""
    tx = stage.tx
    for column in ("contact", "interaction", "owner", "comment", "recorded_at"):
        _keep(stage, column)
    _drop(tx)
    _run(tx, _INCOMING)
    _hold(tx)
    _find(tx)
    _run(tx, _ADD)
    _find(tx)
    return _merged(tx, zone)


def keep_survey(stage: Stage) -> None:
    """A stored answer whose row does not say what it answers goes on answering that."""
    _keep(stage, "survey")


def refold(tx: Tx, zone: str) -> None:
    """Make every reply in `touched_reply` what its edits say, and touch its days before and after."""
    _run(tx, _DAYS, zone=zone)
    _run(tx, _FOLD)
    _run(tx, _DAYS, zone=zone)
    _run(tx, _FORGET)


def _keep(stage: Stage, column: str) -> None:
    if column not in stage.given:
        _run(stage.tx, _ABSENT.format(column=column))


def _hold(tx: Tx) -> None:
    """Nobody answers for these accounts or comments on what they answered until the end; in the order all take: the
    account, the survey, the answer. Where nothing was answered yet, the account will do."""
    _run(tx, _HOLD.format(table="account", column="account_id", ids=_CONCERNED))
    _run(tx, _HOLD.format(table="survey", column="survey_id", ids=_STORED.format(column="survey_id")))


def _find(tx: Tx) -> None:
    for same_survey in ("r.survey_id = incoming.survey_id", "r.survey_id IS NULL AND incoming.survey_id IS NULL"):
        _run(tx, _FIND.format(same_survey=same_survey))


def _merged(tx: Tx, zone: str) -> Counts:
    _run(tx, _TOUCHED)
    _run(tx, _DAYS, zone=zone)
    new, changed = _run(tx, _MERGE).one()
    refold(tx, zone)
    return Counts(new, changed)


def _drop(tx: Tx) -> None:
    for name in ("incoming", "touched_reply"):
        tx.run(text(f"DROP TABLE IF EXISTS pg_temp.{name}"))


def _run(tx: Tx, statement: str, **more: Any) -> Any:
    return tx.connection.execute(text(statement), {"workspace": tx.workspace_id, **more})
