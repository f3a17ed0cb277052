"""The ways of people: owners on our side, contacts on the clients'."""

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, insert, literal, or_, select, update

from kpi.records import portfolio as records
from kpi.store.accounts import MADE_BY_US
from kpi.store.intake.checks import said, shared
from kpi.store.intake.merging import Counts
from kpi.store.intake.plan import Check, Fill, Plan, named, same
from kpi.store.intake.staging import Stage
from kpi.store.tables import account, contact, contact_alias, owner


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
        .where(~contact.c.key.startswith(MADE_BY_US), ~_in_file(stage, "contact", contact.c.key))
        .exists()
    )


def _in_file(stage: Stage, column: str, key: Any) -> ColumnElement[bool]:
    other = stage.table.alias("other")
    return select(literal(1)).where(other.c[column] == key).exists()


def _at_account() -> ColumnElement[bool]:
    return and_(account.c.workspace_id == contact.c.workspace_id, account.c.account_id == contact.c.account_id)


def _adopt_contacts(stage: Stage) -> None:
    """A person we met in Slack gets the key the file knows them by; the old one stays as an alias."""
    tx = stage.tx
    met = (
        select(contact.c.contact_id, contact.c.key, stage.c.contact.label("newly"))
        .select_from(contact.join(account, _at_account())
                     .join(stage.table, and_(stage.c.account == account.c.key,
                                             stage.c.slack_user_id == contact.c.slack_user_id)))
        .where(tx.mine(contact), contact.c.key.startswith(MADE_BY_US), contact.c.key != stage.c.contact,
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


def _make_way(table: Table) -> Any:
    """Slack users who change hands among the rows: whoever had them is called otherwise until their own row comes."""

    def release(stage: Stage) -> None:
        if "slack_user_id" not in stage.given:
            return
        other = stage.table.alias("other")
        wanted = select(literal(1)).where(other.c.slack_user_id == table.c.slack_user_id).exists()
        leaves = (table.c.key == stage.c[stage.entity.key[0]], table.c.slack_user_id != stage.c.slack_user_id)
        empties = and_(leaves[0], stage.c.slack_user_id.is_(None))
        stage.tx.run(
            update(table)
            .where(stage.tx.mine(table), wanted, or_(and_(*leaves), empties))
            .values(slack_user_id=literal("~") + table.c.key)
        )

    return release


def _note_moves(stage: Stage) -> None:
    """Whoever comes to another account comes now, unless the row says when; who came before came then."""
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
    stored = (stage.tx.mine(contact), contact.c.key == stage.c.contact)
    if "moved_at" in stage.given:
        unsaid = stage.c.moved_at.is_(None)
        stage.tx.run(update(stage.table).where(*stored, unsaid).values(moved_at=contact.c.moved_at))
    else:
        said = stage.c.moved_at.is_not(None)
        stage.tx.run(update(contact).where(*stored, said).values(moved_at=stage.c.moved_at))


OWNERS = Plan(
    records.OWNERS,
    owner,
    ("key",),
    (same("key", "owner"), same("name"), same("email"), same("slack_user_id"), same("recorded_at")),
    checks=(
        Check("slack_user_id", lambda stage: shared(stage, "slack_user_id"), _another_owners),
        Check("slack_user_id", _owners_user_taken, _another_owners),
    ),
    ready=(_make_way(owner),),
)
"""Without their managers, who may be among the same rows: `set_managers` follows."""


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
    ready=(_adopt_contacts, _note_moves, _make_way(contact)),
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
