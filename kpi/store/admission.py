"""What admitting somebody takes, read together: who they are, where they ask, their groups and their accounts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, Text, and_, any_, bindparam, delete, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from kpi.model import Person
from kpi.store.people import person_of
from kpi.store.store import Tx
from kpi.store.tables import account, channel, contact, owner, person, user_group, workspace


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody and a channel as last checked, each None where that is not known or too long ago."""

    person: Person | None
    is_contact: bool
    is_shared: bool | None


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether somebody was in a user group, and when we last looked."""

    is_in: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Owned:
    """An owner, whether any account is theirs at present, and whether it is the person in question themselves."""

    id: int
    name: str
    has_accounts: bool
    is_self: bool


def seen(tx: Tx, user_id: str, channel_id: str | None, since: tuple[datetime, datetime]) -> Seen:
    """A person checked since the first instant, a channel since the second, in one statement."""
    asked = {"workspace_id": tx.workspace_id, "user_id": user_id, "channel_id": channel_id}
    found = tx.connection.execute(_SEEN, asked | {"person_since": since[0], "channel_since": since[1]})
    row = dict(found.mappings().one())
    return Seen(person_of(row) if row["checked_at"] else None, row["is_contact"], row["is_shared"])


def groups(tx: Tx, user_id: str, group_ids: Collection[str]) -> dict[str, Checked]:
    """Whether somebody was in these user groups, as far as we ever looked."""
    is_in = literal(user_id) == any_(user_group.c.members)
    query = select(user_group.c.group_id, is_in, user_group.c.checked_at)
    found = tx.connection.execute(query.where(tx.mine(user_group), user_group.c.group_id.in_(group_ids)))
    return {group_id: Checked(*told) for group_id, *told in found}


def remember_group(tx: Tx, group_id: str, members: Collection[str], now: datetime) -> None:
    """Keep who is in a user group."""
    values = {"members": list(members), "checked_at": now}
    statement = insert(user_group).values(workspace_id=tx.workspace_id, group_id=group_id, **values)
    tx.run(statement.on_conflict_do_update(index_elements=user_group.primary_key, set_=values))


def forget_groups(tx: Tx, before: datetime) -> int:
    """Drop user groups nobody asked about since an instant; how many there were."""
    return tx.run(delete(user_group).where(tx.mine(user_group), user_group.c.checked_at < before))


def team(tx: Tx, user_id: str) -> tuple[Owned, ...]:
    """The owner with this Slack user id, then by name everybody who reports to them, directly or not."""
    found = tx.connection.execute(_TEAM, {"workspace_id": tx.workspace_id, "user_id": user_id})
    return tuple(Owned(*each) for each in found)


_MINE = bindparam("workspace_id", type_=Integer)
_USER = bindparam("user_id", type_=Text)


def _seen() -> Select[Any]:
    is_contact = exists().where(contact.c.workspace_id == _MINE, contact.c.slack_user_id == _USER)
    place = (channel.c.workspace_id == _MINE, channel.c.channel_id == bindparam("channel_id", type_=Text))
    is_shared = select(channel.c.is_ext_shared).where(*place, channel.c.checked_at >= bindparam("channel_since"))
    at_home = and_(person.c.workspace_id == workspace.c.workspace_id, person.c.slack_user_id == _USER)
    known = and_(at_home, person.c.checked_at >= bindparam("person_since"))
    return (
        select(person, is_contact.label("is_contact"), is_shared.scalar_subquery().label("is_shared"))
        .select_from(workspace.outerjoin(person, known))
        .where(workspace.c.workspace_id == _MINE)
    )


def _team() -> Select[Any]:
    themselves = (owner.c.workspace_id == _MINE, owner.c.slack_user_id == _USER)
    found = select(owner.c.owner_id).where(*themselves).cte("found", recursive=True)
    reports = select(owner.c.owner_id).where(owner.c.workspace_id == _MINE, owner.c.manager_id == found.c.owner_id)
    everybody = found.union(reports)
    has_accounts = exists().where(account.c.workspace_id == _MINE, account.c.owner_id == owner.c.owner_id)
    is_self = func.coalesce(owner.c.slack_user_id == _USER, False)
    return (
        select(owner.c.owner_id, owner.c.name, has_accounts, is_self)
        .join(everybody, everybody.c.owner_id == owner.c.owner_id)
        .where(owner.c.workspace_id == _MINE)
        .order_by(is_self.desc(), owner.c.name, owner.c.owner_id)
    )


_SEEN, _TEAM = _seen(), _team()
"""Built once: putting a statement together takes longer than the database needs for it."""
