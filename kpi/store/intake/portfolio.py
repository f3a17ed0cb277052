"""The ways of accounts and what they are worth."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Numeric, and_, case, cast, func, or_, select, update

from kpi.records import portfolio as records
from kpi.records.money import UNUSUAL
from kpi.store.intake.checks import CONTACT_OF_ACCOUNT, said
from kpi.store.intake.plan import Check, Fill, Plan, Staged, named, same
from kpi.store.intake.staging import Stage
from kpi.store.tables import account, account_term, feedback, offer, revenue


def currency_filled(workspace_currency: str) -> Any:
    """Amounts without a currency are in their account's, else in the workspace's."""

    def fill(stage: Stage) -> None:
        of_account = (
            select(account.c.currency).where(stage.tx.mine(account), account.c.key == stage.c.account).scalar_subquery()
        )
        currency = func.coalesce(of_account, workspace_currency)
        stage.tx.run(update(stage.table).where(stage.c.currency.is_(None)).values(currency=currency))

    return fill


def _factor(currency: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.power(cast(10, Numeric), case(UNUSUAL, value=currency, else_=2))


def _minor(row: Staged) -> ColumnElement[int]:
    return cast(row.c.amount * _factor(row.c.currency), BigInteger)


_WHOLE_MINOR = Check(
    "amount",
    lambda stage: stage.c.amount * _factor(stage.c.currency) != func.trunc(stage.c.amount * _factor(stage.c.currency)),
    lambda stage: said("“", stage.c.amount, "” has more decimals than ", stage.c.currency, " has"),
)


def _revenue_gaps(stage: Stage) -> None:
    values = {
        "kind": func.coalesce(stage.c.kind, "recurring"),
        "revenue": func.coalesce(stage.c.revenue, ""),
    }
    stage.tx.run(update(stage.table).where(or_(stage.c.kind.is_(None), stage.c.revenue.is_(None))).values(values))


def _offer_kept(stage: Stage) -> None:
    """A stored offer keeps the amount in major units, or the currency, that does not come."""
    kept = {"amount": cast(offer.c.amount_minor, Numeric) / _factor(offer.c.currency), "currency": offer.c.currency}
    stored = (stage.tx.mine(offer), offer.c.key == stage.c.offer)
    for name, value in kept.items():
        if name not in stage.given:
            stage.tx.run(update(stage.table).where(*stored).values({name: value}))


ACCOUNTS = Plan(
    records.ACCOUNTS,
    account,
    ("key",),
    (
        same("key", "account"),
        same("name"),
        named("owner_id", "owner"),
        *(same(name) for name in ("segment", "plan", "language", "timezone", "currency", "channel_id")),
        same("observed_from"),
        same("recorded_at"),
    ),
)


TERMS = Plan(
    records.TERMS,
    account_term,
    ("account_id", "starts_on"),
    (
        named("account_id", "account"),
        *(same(name) for name in ("starts_on", "ends_on", "notice_on", "reason", "recorded_at", "end_recorded_at")),
    ),
)


REVENUE = Plan(
    records.REVENUE,
    revenue,
    ("account_id", "kind", "starts_on", "currency", "key"),
    (
        named("account_id", "account"),
        same("kind"),
        same("starts_on"),
        same("currency"),
        same("key", "revenue"),
        same("ends_on"),
        Fill("amount_minor", _minor, ("amount",)),
        same("recorded_at"),
    ),
    before=(_revenue_gaps,),
    checks=(_WHOLE_MINOR,),
)


OFFERS = Plan(
    records.OFFERS,
    offer,
    ("key",),
    (
        same("key", "offer"),
        named("account_id", "account"),
        same("kind"),
        Fill("amount_minor", _minor, ("amount", "currency")),
        Fill("currency", lambda row: row.c.currency, ("currency", "amount")),
        *(same(name) for name in ("offered_on", "decided_on", "outcome", "recorded_at", "decision_recorded_at")),
    ),
    before=(_offer_kept,),
    checks=(_WHOLE_MINOR,),
)


FEEDBACK = Plan(
    records.FEEDBACK,
    feedback,
    ("key",),
    (
        same("key", "feedback"),
        named("account_id", "account"),
        named("contact_id", "contact"),
        named("owner_id", "owner"),
        Fill("text", lambda row: func.coalesce(row.c.text, ""), ("text",)),
        same("actionable"),
        *(same(f"{what}_at") for what in ("received", "triaged", "planned", "implemented", "declined", "client_told")),
        same("decline_reason"),
        same("recorded_at"),
    ),
    checks=(CONTACT_OF_ACCOUNT,),
)


def date_ends(stage: Stage, zone: str) -> None:
    """Where rows say nothing of when they were known, an end they change is known with its notice, else with itself,
    though we knew of the contract, or of another end, before."""
    if {"recorded_at", "end_recorded_at"} & stage.given:
        return
    term = account_term.c
    notice = stage.c.notice_on if "notice_on" in stage.given else term.notice_on
    midnight = func.timezone(zone, cast(func.coalesce(notice, stage.c.ends_on), DateTime))
    known = case((stage.c.ends_on.is_not(None), midnight))
    of_account = and_(account.c.workspace_id == term.workspace_id, account.c.account_id == term.account_id)
    stored = (stage.tx.mine(account_term), of_account, account.c.key == stage.c.account)
    same = (term.starts_on == stage.c.starts_on, term.ends_on.is_distinct_from(stage.c.ends_on))
    recorded = func.coalesce(term.end_recorded_at, term.recorded_at).is_not(None)
    stage.tx.run(update(account_term).where(*stored, *same, recorded).values(end_recorded_at=known))
