"""Accounts, their terms, and what they are worth."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, collate, func, null, select

from kpi.store.facts.wanted import ACCOUNTS_OF, Wanted, at_known_account, known_accounts, same_account
from kpi.store.store import Tx
from kpi.store.tables import account, account_term, feedback, offer, owner, revenue

UPSELLS = ("upsell", "cross_sell")


def accounts(tx: Tx, wanted: Wanted) -> Select[Any]:
    """Every account with its owner's key, and whether it is of the scope; by their own keys, letter by letter."""
    row = account.c
    owned = and_(owner.c.workspace_id == row.workspace_id, owner.c.owner_id == row.owner_id)
    in_scope = func.coalesce(ACCOUNTS_OF[wanted.scope.kind](wanted.scope), False)
    return (
        select(row.account_id, row.name, row.segment, row.owner_id, owner.c.key, row.observed_from, in_scope)
        .select_from(account.outerjoin(owner, owned))
        .where(known_accounts(tx, wanted))
        .order_by(collate(row.key, "C"))
    )


def terms(tx: Tx, wanted: Wanted) -> Select[Any]:
    """Terms begun by as_of; one whose end nobody knew then still runs."""
    term = account_term.c
    recorded = func.coalesce(term.end_recorded_at, term.recorded_at)
    announced = func.coalesce(term.notice_on, term.ends_on) <= wanted.today
    end_known = case((recorded.is_not(None), recorded <= wanted.as_of), else_=announced)
    return (
        select(term.account_id, term.starts_on, case((end_known, term.ends_on)))
        .join(account, same_account(account_term))
        .where(at_known_account(tx, wanted, account_term), term.starts_on <= wanted.today)
        .where(wanted.known(term.recorded_at))
        .order_by(term.account_id, term.starts_on)
    )


def revenues(tx: Tx, wanted: Wanted) -> Select[Any]:
    """All revenue begun by as_of."""
    row = revenue.c
    return (
        select(row.account_id, row.kind, row.starts_on, row.ends_on, row.amount_minor, row.currency)
        .join(account, same_account(revenue))
        .where(at_known_account(tx, wanted, revenue), row.starts_on <= wanted.today)
        .where(wanted.known(row.recorded_at))
        .order_by(row.account_id, row.starts_on, row.kind, row.currency, row.key)
    )


def offers(tx: Tx, wanted: Wanted) -> Select[Any]:
    """The upsells and cross-sells decided in the window."""
    row = offer.c
    return (
        select(row.account_id, row.decided_on, row.outcome == "won")
        .join(account, same_account(offer))
        .where(at_known_account(tx, wanted, offer), row.kind.in_(UPSELLS), wanted.falls(row.decided_on))
        .where(wanted.known(func.coalesce(row.decision_recorded_at, row.recorded_at)), wanted.known(row.recorded_at))
        .order_by(row.account_id, row.decided_on, row.offer_id)
    )


def feedbacks(tx: Tx, wanted: Wanted) -> Select[Any]:
    """The feedback received in the window and judged actionable by as_of; what had become of it by then."""
    row = feedback.c

    def by_then(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return case((column <= wanted.as_of, column), else_=null())

    reason_given = func.coalesce(row.decline_reason, "") != ""
    outcome = (by_then(row.implemented_at), by_then(row.declined_at), reason_given, by_then(row.client_told_at))
    return (
        select(row.account_id, row.received_at, *outcome)
        .join(account, same_account(feedback))
        .where(at_known_account(tx, wanted, feedback), row.actionable, wanted.happened(row.received_at))
        .where(wanted.known(row.recorded_at), wanted.known(row.triaged_at))
        .order_by(row.received_at, row.feedback_id)
    )
