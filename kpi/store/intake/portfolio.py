"""The ways of owners, accounts and what they are worth."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, insert, literal, or_, select, update

from kpi.records import portfolio as records
from kpi.records.money import UNUSUAL
from kpi.store.intake.checks import CONTACT_OF_ACCOUNT, said, shared
from kpi.store.intake.merging import Counts
from kpi.store.intake.plan import Check, Fill, Plan, Staged, named, same
from kpi.store.intake.staging import Stage
from kpi.store.tables import account, account_term, contact, contact_alias, feedback, offer, owner, revenue


def currency_filled(workspace_currency: str) -> Any:
    """Amounts without a currency are in their account's, else in the workspace's."""

    def fill(stage: Stage) -> None:
        of_account = (
            select(account.c.currency).where(stage.tx.mine(account), account.c.key == stage.c.account).scalar_subquery()
        )
        currency = func.coalesce(of_account, workspace_currency)
        stage.tx.run(update(stage.table).where(stage.c.currency.is_(None)).values(currency=currency))

    return fill


def _factor(stage: Stage) -> ColumnElement[Any]:
    decimals = case(UNUSUAL, value=stage.c.currency, else_=2)
    return func.power(cast(10, stage.c.amount.type), decimals)


def _minor(row: Staged) -> ColumnElement[int]:
    return cast(row.c.amount * _factor(row.stage), BigInteger)


_WHOLE_MINOR = Check(
    "amount",
    lambda stage: stage.c.amount * _factor(stage) != func.trunc(stage.c.amount * _factor(stage)),
    lambda stage: said("“", stage.c.amount, "” has more decimals than ", stage.c.currency, " has"),
)


def _revenue_gaps(stage: Stage) -> None:
    values = {
        "kind": func.coalesce(stage.c.kind, "recurring"),
        "revenue": func.coalesce(stage.c.revenue, ""),
    }
    stage.tx.run(update(stage.table).where(or_(stage.c.kind.is_(None), stage.c.revenue.is_(None))).values(values))


def _owners_user_taken(stage: Stage) -> ColumnElement[bool]:
    """A stored owner the file does not name has this Slack user."""
    theirs = (owner.c.slack_user_id == stage.c.slack_user_id, owner.c.key != stage.c.owner)
    return select(literal(1)).where(stage.tx.mine(owner), *theirs, ~_in_file(stage, "owner", owner.c.key)).exists()


def _contacts_user_taken(stage: Stage) -> ColumnElement[bool]:
    """A stored contact the file does not name is this Slack user at this account."""
    theirs = (contact.c.slack_user_id == stage.c.slack_user_id, contact.c.key != stage.c.contact)
    return (
        select(literal(1))
        .select_from(contact.join(account, _at_account()))
        .where(stage.tx.mine(contact), account.c.key == stage.c.account, *theirs)
        .where(~contact.c.key.startswith(OURS), ~_in_file(stage, "contact", contact.c.key))
        .exists()
    )


def _in_file(stage: Stage, column: str, key: Any) -> ColumnElement[bool]:
    other = stage.table.alias("other")
    return select(literal(1)).where(other.c[column] == key).exists()


def _at_account() -> ColumnElement[bool]:
    return and_(account.c.workspace_id == contact.c.workspace_id, account.c.account_id == contact.c.account_id)


OURS = "slack:"
"""How the keys begin that we made for people who spoke up before anybody named them."""


def _adopt_contacts(stage: Stage) -> None:
    """A person we met in Slack gets the key the file knows them by; the old one stays as an alias."""
    tx = stage.tx
    met = (
        select(contact.c.contact_id, contact.c.key, stage.c.contact.label("newly"))
        .select_from(contact.join(account, _at_account())
                     .join(stage.table, and_(stage.c.account == account.c.key,
                                             stage.c.slack_user_id == contact.c.slack_user_id)))
        .where(tx.mine(contact), contact.c.key.startswith(OURS), contact.c.key != stage.c.contact,
               ~select(literal(1)).where(_named(tx, stage)).exists())
    )  # fmt: skip
    for row in tx.rows(met):
        tx.run(insert(contact_alias).values(workspace_id=tx.workspace_id, key=row["key"], contact_id=row["contact_id"]))
        tx.run(
            update(contact).where(tx.mine(contact), contact.c.contact_id == row["contact_id"]).values(key=row["newly"])
        )


def _named(tx: Any, stage: Stage) -> ColumnElement[bool]:
    there = contact.alias("there")
    return and_(there.c.workspace_id == tx.workspace_id, there.c.key == stage.c.contact)


def _another_owners(stage: Stage) -> ColumnElement[str]:
    return said("“", stage.c.slack_user_id, "” is already the Slack user of another owner")


def _another_contacts(stage: Stage) -> ColumnElement[str]:
    return said("“", stage.c.slack_user_id, "” is already another contact of “", stage.c.account, "”")


def _note_moves(stage: Stage) -> None:
    """Whoever comes to another account comes now, unless the row says when."""
    elsewhere = (
        select(contact.c.key)
        .join(
            account,
            and_(account.c.workspace_id == contact.c.workspace_id, account.c.account_id == contact.c.account_id),
        )
        .where(stage.tx.mine(contact), contact.c.key == stage.c.contact, account.c.key != stage.c.account)
        .exists()
    )
    moving = and_(stage.c.moved_at.is_(None), elsewhere)
    stage.tx.run(update(stage.table).where(moving).values(moved_at=func.now()))
    moved = (contact.c.key == stage.c.contact, stage.c.moved_at.is_not(None))
    stage.tx.run(update(contact).where(stage.tx.mine(contact), *moved).values(moved_at=stage.c.moved_at))


OWNERS = Plan(
    records.OWNERS,
    owner,
    ("key",),
    (same("key", "owner"), same("name"), same("email"), same("slack_user_id"), same("recorded_at")),
    checks=(
        Check("slack_user_id", lambda stage: shared(stage, "slack_user_id"), _another_owners),
        Check("slack_user_id", _owners_user_taken, _another_owners),
    ),
)
"""Without their managers, who may be among the same rows: `set_managers` follows."""

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

CONTACTS = Plan(
    records.CONTACTS,
    contact,
    ("key",),
    (
        same("key", "contact"),
        named("account_id", "account"),
        Fill("name", lambda row: func.coalesce(row.c.name, ""), ("name",)),
        *(same(name) for name in ("email", "slack_user_id", "slack_team_id", "language")),
        *(same(name) for name in ("recorded_at", "opted_out_at", "confirmed_at", "moved_at")),
    ),
    checks=(
        Check("slack_user_id", lambda stage: shared(stage, "account", "slack_user_id"), _another_contacts),
        Check("slack_user_id", _contacts_user_taken, _another_contacts),
    ),
    ready=(_adopt_contacts, _note_moves),
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
        Fill("amount_minor", _minor, ("amount",)),
        Fill("currency", lambda row: row.c.currency, ("currency", "amount")),
        *(same(name) for name in ("offered_on", "decided_on", "outcome", "recorded_at", "decision_recorded_at")),
    ),
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


def count_owners(stage: Stage) -> Counts:
    """How many owners of the stage are new, and how many stored ones it says otherwise of, their managers included."""
    manager = owner.alias("manager")
    stored = and_(owner.c.workspace_id == stage.tx.workspace_id, owner.c.key == stage.c.owner)
    has = and_(manager.c.workspace_id == owner.c.workspace_id, manager.c.owner_id == owner.c.manager_id)
    source = stage.table.outerjoin(owner, stored).outerjoin(manager, has)
    told = {name: owner.c[name] for name in ("name", "email", "slack_user_id", "recorded_at")} | {
        "manager": manager.c.key
    }
    differs = or_(*(held.is_distinct_from(stage.c[name]) for name, held in told.items() if name in stage.given))
    is_new = owner.c.owner_id.is_(None)
    query = select(func.count().filter(is_new), func.count().filter(~is_new, differs)).select_from(source)
    return Counts(*stage.tx.connection.execute(query).one())


def set_managers(stage: Stage) -> None:
    """Give owners the managers their rows name."""
    manager = owner.alias("manager")
    named_manager = (
        select(manager.c.owner_id)
        .where(manager.c.workspace_id == owner.c.workspace_id, manager.c.key == stage.c.manager)
        .scalar_subquery()
    )
    rows = (stage.tx.mine(owner), owner.c.key == stage.c.owner, owner.c.manager_id.is_distinct_from(named_manager))
    stage.tx.run(update(owner).where(*rows).values(manager_id=named_manager))
