"""Owners, accounts and what they are worth, in the words files use."""

from typing import Any

from sqlalchemy import Select, select

from kpi.store.exports.joining import held_by, major_units, of_account, same
from kpi.store.store import Tx
from kpi.store.tables import account, account_term, contact, feedback, offer, owner, revenue


def owners(tx: Tx) -> Select[Any]:
    """One row an owner."""
    manager = owner.alias("manager")
    row = owner.c
    return (
        select(row.key.label("owner"), row.name, row.email, row.slack_user_id, manager.c.key.label("manager"))
        .add_columns(row.recorded_at)
        .join(manager, same(owner, manager, "manager_id", "owner_id"), isouter=True)
        .where(tx.mine(owner))
    )


def accounts(tx: Tx) -> Select[Any]:
    """One row an account."""
    row = account.c
    copied = (row.segment, row.plan, row.language, row.timezone, row.currency, row.channel_id, row.observed_from)
    chosen = select(row.key.label("account"), row.name, owner.c.key.label("owner"), *copied, row.recorded_at)
    return held_by(chosen, account).where(tx.mine(account))


def terms(tx: Tx) -> Select[Any]:
    """One row a contract."""
    row = account_term.c
    dates = (row.starts_on, row.ends_on, row.notice_on, row.reason, row.recorded_at, row.end_recorded_at)
    return of_account(tx, account_term, *dates)


def contacts(tx: Tx) -> Select[Any]:
    """One row a person."""
    row = contact.c
    who = (row.name, row.email, row.slack_user_id, row.slack_team_id, row.language)
    return of_account(
        tx, contact, row.key.label("contact"), *who, row.recorded_at, row.opted_out_at, row.confirmed_at, row.moved_at
    )


def revenues(tx: Tx) -> Select[Any]:
    """One row an amount."""
    row = revenue.c
    amount = major_units(row.amount_minor, row.currency).label("amount")
    dates = (row.starts_on, row.ends_on, row.recorded_at)
    return of_account(tx, revenue, amount, row.currency, row.kind, row.key.label("revenue"), *dates)


def offers(tx: Tx) -> Select[Any]:
    """One row an offer."""
    row = offer.c
    amount = major_units(row.amount_minor, row.currency).label("amount")
    fate = (row.offered_on, row.decided_on, row.outcome, row.recorded_at, row.decision_recorded_at)
    return of_account(tx, offer, row.key.label("offer"), row.kind, amount, row.currency, *fate)


def feedbacks(tx: Tx) -> Select[Any]:
    """One row a wish."""
    row = feedback.c
    ends = (row.implemented_at, row.declined_at, row.decline_reason, row.client_told_at, row.planned_at)
    said = (row.text, row.actionable, row.received_at, row.triaged_at, *ends, row.recorded_at)
    whose = (contact.c.key.label("contact"), owner.c.key.label("owner"))
    chosen = of_account(tx, feedback, row.key.label("feedback"), *said, *whose)
    by_contact = same(feedback, contact, "contact_id")
    return held_by(chosen.join(contact, by_contact, isouter=True), feedback)
