"""What happened with clients and what they answered, in the words files use."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select

from kpi.store import anonymous
from kpi.store.exports.joining import held_by, of_account, same
from kpi.store.store import Tx
from kpi.store.tables import (
    account,
    account_day,
    contact,
    episode,
    interaction,
    owner,
    reply,
    reply_edit,
    survey,
    usage_day,
)

ASKED = ("posted", "answered", "expired")


def messages(tx: Tx) -> Select[Any]:
    """One row an account and day whose messages somebody counted."""
    row = account_day.c
    counts = [func.coalesce(column, 0).label(column.name) for column in (row.from_client, row.from_us)]
    counted = or_(row.from_client.is_not(None), row.from_us.is_not(None))
    recorded = row.messages_recorded_at.label("recorded_at")
    return of_account(tx, account_day, row.day, *counts, recorded).where(counted)


def usages(tx: Tx) -> Select[Any]:
    """One row an account, day and metric."""
    row = usage_day.c
    return of_account(tx, usage_day, row.day, row.metric, row.value, row.recorded_at)


def episodes(tx: Tx) -> Select[Any]:
    """One row a wait."""
    row = episode.c
    instants = (row.opened_at, row.first_response_at, row.recorded_at, row.response_recorded_at)
    return of_account(tx, episode, row.key.label("episode"), *instants)


def interactions(tx: Tx) -> Select[Any]:
    """One row an interaction that nobody took back."""
    row = interaction.c
    copied = (row.key.label("interaction"), row.kind, row.occurred_at, row.recorded_at, row.note)
    whose = (contact.c.key.label("contact"), owner.c.key.label("owner"))
    chosen = of_account(tx, interaction, *copied, *whose).where(row.withdrawn_at.is_(None))
    by_contact = same(interaction, contact, "contact_id")
    return held_by(chosen.join(contact, by_contact, isouter=True), interaction)


def surveys(tx: Tx) -> Select[Any]:
    """One row a question that reached somebody."""
    row = survey.c
    asked = (row.key.label("survey"), row.instrument, row.posted_at, row.expires_at, row.state, row.recorded_at)
    words = (row.locale.label("language"), row.wording_version.label("wording"))
    whose = (contact.c.key.label("contact"), interaction.c.key.label("interaction"), owner.c.key.label("owner"))
    chosen = of_account(tx, survey, *asked, *words, *whose).where(row.state.in_(ASKED))
    return held_by(_about(chosen, survey), survey, "owner_at_send")


def replies(tx: Tx) -> Select[Any]:
    """One row each time somebody said something; what is edited is one answer by its survey and contact.

    Of answers without a name the last words alone, of fives that are full, and nothing that leads to their survey.
    """
    edit, nameless = reply_edit.c, anonymous.answers(tx)
    is_named = nameless.c.reply_id.is_(None)
    times = [
        case((is_named, at), else_=nameless.c.told_at).label(at.name) for at in (edit.answered_at, edit.recorded_at)
    ]
    about = {"survey": survey, "contact": contact, "interaction": interaction}
    whose = [case((is_named, table.c.key)).label(name) for name, table in about.items()]
    said = (
        edit.key.label("reply"),
        edit.score,
        edit.comment,
        *times,
        account.c.key.label("account"),
        reply.c.instrument,
    )
    told = select(*said, *whose, owner.c.key.label("owner"))
    told = told.select_from(reply_edit).join(reply, same(reply_edit, reply, "reply_id"))
    told = told.join(nameless, nameless.c.reply_id == reply.c.reply_id, isouter=True)
    placed = told.join(account, same(reply, account, "account_id"))
    asked = same(reply, survey, "survey_id") & survey.c.state.in_(ASKED)
    answering = _about(placed.join(survey, asked, isouter=True), reply)
    shown = or_(is_named, nameless.c.told_at.is_not(None) & _is_last())
    return held_by(answering, reply).where(tx.mine(reply_edit), shown)


def _is_last() -> ColumnElement[bool]:
    """The reply said nothing after this."""
    later = reply_edit.alias("later")
    same_reply = same(reply_edit, later, "reply_id") & (later.c.revision > reply_edit.c.revision)
    return ~exists().where(same_reply)


def _about(chosen: Select[Any], table: Any) -> Select[Any]:
    """The rows with their contact and with their interaction, unless that was taken back."""
    standing: ColumnElement[bool] = same(table, interaction, "interaction_id") & interaction.c.withdrawn_at.is_(None)
    by_contact = same(table, contact, "contact_id")
    return chosen.join(contact, by_contact, isouter=True).join(interaction, standing, isouter=True)
