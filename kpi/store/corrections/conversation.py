"""Interactions, surveys and answers taken out, with what becomes of the rest."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, update

from kpi.errors import KpiError
from kpi.store.corrections.counting import Recount
from kpi.store.store import Record, Tx
from kpi.store.tables import delivery, feedback, held_answer, interaction, reply, reply_edit, survey

_ON_ITS_WAY = ("sending", "unknown", "sent")


def lock_surveys(tx: Tx, *which: ColumnElement[bool]) -> None:
    """Nobody answers these surveys or comments on them until the transaction ends. Comes before answers are touched."""
    query = select(survey.c.survey_id).where(tx.mine(survey), *which).order_by(survey.c.survey_id)
    tx.rows(query.with_for_update(key_share=True))


def answered_by(contact_id: int) -> ColumnElement[bool]:
    """Surveys a contact was asked or answered."""
    answers = select(reply.c.reply_id).where(
        reply.c.workspace_id == survey.c.workspace_id,
        reply.c.survey_id == survey.c.survey_id,
        reply.c.contact_id == contact_id,
    )
    return (survey.c.contact_id == contact_id) | answers.exists()


def remove_interaction(recount: Recount, interaction_id: int, reason: str, now: datetime) -> None:
    """Remove it. A question about it that nobody was asked yet is cancelled; what was asked and said stays without."""
    tx = recount.tx
    _cancel(tx, survey.c.interaction_id == interaction_id, reason, now)
    recount.interactions(interaction.c.interaction_id == interaction_id)
    _detach(tx, interaction.c.interaction_id == interaction_id)


def cancel_asking(tx: Tx, contact_id: int, reason: str, now: datetime) -> int:
    """Cancel what a person is to be asked and was not yet; how many questions."""
    return _cancel(tx, survey.c.contact_id == contact_id, reason, now)


def _cancel(tx: Tx, which: ColumnElement[bool], reason: str, now: datetime) -> int:
    scheduled = select(survey.c.survey_id).where(tx.mine(survey), survey.c.state == "scheduled", which)
    sent = _deliveries(tx, scheduled)
    gone = {row["survey_id"] for row in sent if row["state"] in _ON_ITS_WAY}
    waiting = (survey.c.survey_id.in_(scheduled), survey.c.state == "scheduled", survey.c.survey_id.not_in(gone))
    fate = {"state": "cancelled", "reason": reason, "closed_at": now}
    return tx.run(update(survey).where(tx.mine(survey), *waiting).values(fate))


def remove_version(recount: Recount, key: str, survey_id: int | None) -> None:
    """Remove one thing that was said in answer to this survey, or to none. With its last one an answer goes."""
    tx = recount.tx
    edit = reply_edit.c
    lock_surveys(tx, survey.c.survey_id == survey_id)
    recount.edited(select(edit.reply_id).where(tx.mine(reply_edit), edit.key == key))
    tx.run(delete(reply_edit).where(tx.mine(reply_edit), edit.key == key))


def reopen(tx: Tx, survey_id: int, now: datetime) -> None:
    """A survey whose last answer was removed is open, or has expired."""
    answered = select(reply.c.reply_id).where(tx.mine(reply), reply.c.survey_id == survey_id)
    alone = (survey.c.survey_id == survey_id, survey.c.state == "answered", ~answered.exists())
    row = tx.row(select(survey).where(tx.mine(survey), *alone).with_for_update(key_share=True))
    if row is None:
        return
    over = row["expires_at"] is not None and row["expires_at"] <= now
    fate = {"state": "expired", "closed_at": row["expires_at"]} if over else {"state": "posted"}
    tx.run(update(survey).where(tx.mine(survey), survey.c.survey_id == survey_id).values(fate))


def remove_survey(recount: Recount, survey_id: int, now: datetime) -> None:
    """Remove it with its answers; its message, if there is one, stands alone."""
    _remove_surveys(recount, survey.c.survey_id == survey_id, reply.c.survey_id == survey_id, now)


def remove_all(recount: Recount, column: str, row_id: int, now: datetime) -> None:
    """Remove every interaction, survey, answer and piece of feedback whose `column` is this id, and answers to such
    surveys."""
    tx = recount.tx
    theirs = {table: table.c[column] == row_id for table in (interaction, survey, reply, feedback)}
    _remove_surveys(recount, theirs[survey], theirs[reply], now)
    recount.interactions(theirs[interaction])
    _detach(tx, theirs[interaction])
    tx.run(delete(feedback).where(tx.mine(feedback), theirs[feedback]))


def _remove_surveys(recount: Recount, which: ColumnElement[bool], answers: ColumnElement[bool], now: datetime) -> None:
    tx = recount.tx
    surveys = _ids(tx, survey, which)
    _let_go(tx, surveys, now)
    lock_surveys(tx, which)
    gone = answers | reply.c.survey_id.in_(surveys)
    recount.answers(gone)
    tx.run(delete(reply_edit).where(tx.mine(reply_edit), reply_edit.c.reply_id.in_(_ids(tx, reply, gone))))
    tx.run(delete(reply).where(tx.mine(reply), gone))
    tx.run(delete(held_answer).where(tx.mine(held_answer), held_answer.c.survey_id.in_(surveys)))
    tx.run(delete(survey).where(tx.mine(survey), which))


def _let_go(tx: Tx, surveys: Any, now: datetime) -> None:
    """Messages of surveys that go: the unsent are cancelled, the sent stay as such."""
    sent = _deliveries(tx, surveys)
    if any(row["state"] == "sending" for row in sent):
        raise KpiError("A question of theirs is being sent this very moment; please try again in a minute.")
    ids = [row["delivery_id"] for row in sent]
    mine = (tx.mine(delivery), delivery.c.delivery_id.in_(ids))
    open_ones = delivery.c.state.in_(("queued", "unknown"))
    tx.run(update(delivery).where(*mine, open_ones).values(state="cancelled", finished_at=now))
    tx.run(update(delivery).where(*mine).values(survey_id=None))


def _deliveries(tx: Tx, surveys: Any) -> list[Record]:
    """Their messages. Whoever also locks a survey locks its messages first."""
    query = select(delivery.c.delivery_id, delivery.c.survey_id, delivery.c.state).where(
        tx.mine(delivery), delivery.c.survey_id.in_(surveys)
    )
    return tx.rows(query.order_by(delivery.c.delivery_id).with_for_update())


def _detach(tx: Tx, which: ColumnElement[bool]) -> None:
    gone = _ids(tx, interaction, which)
    for table in (survey, reply):
        tx.run(update(table).where(tx.mine(table), table.c.interaction_id.in_(gone)).values(interaction_id=None))
    tx.run(delete(interaction).where(tx.mine(interaction), which))


def _ids(tx: Tx, table: Table, which: ColumnElement[bool]) -> Any:
    return select(table.c[f"{table.name}_id"]).where(tx.mine(table), which)
