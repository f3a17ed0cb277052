"""What the chat system last said about people and channels, with the instant it said so."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from kpi.model import Person
from kpi.store.store import Record, Tx
from kpi.store.tables import channel, person


def known_of(tx: Tx, user_ids: Collection[str]) -> dict[str, Person]:
    """These people by their ids, as far as they were ever seen, however long ago."""
    query = select(person).where(tx.mine(person), person.c.slack_user_id.in_(user_ids))
    return {row["slack_user_id"]: person_of(row) for row in tx.rows(query)}


def remember(tx: Tx, someone: Person, now: datetime) -> None:
    """Keep what was just learnt about a person."""
    values = {
        "slack_team_id": someone.team_id,
        "name": someone.name,
        "is_guest": someone.is_guest,
        "is_bot": someone.is_bot,
        "is_deleted": someone.is_deleted,
        "timezone": someone.timezone,
        "locale": someone.locale,
        "checked_at": now,
    }
    statement = insert(person).values(workspace_id=tx.workspace_id, slack_user_id=someone.user_id, **values)
    tx.run(statement.on_conflict_do_update(index_elements=person.primary_key, set_=values))


def remember_shared(tx: Tx, channel_id: str, is_ext_shared: bool, now: datetime) -> None:
    """Keep what was just learnt about a channel."""
    values = {"is_ext_shared": is_ext_shared, "checked_at": now}
    statement = insert(channel).values(workspace_id=tx.workspace_id, channel_id=channel_id, **values)
    tx.run(statement.on_conflict_do_update(index_elements=channel.primary_key, set_=values))


def note_connection(tx: Tx, channel_id: str, disconnected_at: datetime | None) -> None:
    """Since when nobody of another organisation is in a channel that was shared; None: somebody is again."""
    statement = insert(channel).values(
        workspace_id=tx.workspace_id, channel_id=channel_id, disconnected_at=disconnected_at
    )
    values = {"disconnected_at": disconnected_at, "checked_at": None}
    tx.run(statement.on_conflict_do_update(index_elements=channel.primary_key, set_=values))


def person_of(row: Record) -> Person:
    """The person a row keeps."""
    marks = {name: row[name] for name in ("name", "is_guest", "is_bot", "is_deleted", "timezone", "locale")}
    return Person(user_id=row["slack_user_id"], team_id=row["slack_team_id"], **marks)
