"""Interactions and the additive counts of each account's day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from kpi.store.store import Record, Tx
from kpi.store.tables import account_day, interaction

MEETINGS = ("meeting", "review")


def add(tx: Tx, values: Mapping[str, Any], day: date) -> Record | None:
    """Store an interaction and count it on its local `day`; None, and nothing is written, when its source already
    gave one of this external_id."""
    row = tx.insert_once(interaction, values)
    if row is not None:
        count(tx, row["account_id"], day, interactions=1, meetings=int(row["kind"] in MEETINGS))
    return row


def of_source(tx: Tx, source: str, external_id: str) -> Record | None:
    """The interaction a source gave under this id."""
    same = (interaction.c.source == source, interaction.c.external_id == external_id)
    return tx.row(select(interaction).where(tx.mine(interaction), *same))


def get(tx: Tx, interaction_id: int) -> Record | None:
    """One interaction."""
    return tx.row(select(interaction).where(tx.mine(interaction), interaction.c.interaction_id == interaction_id))


def reopen(tx: Tx, interaction_id: int, now: datetime) -> None:
    """An interaction is not over after all."""
    this = (interaction.c.interaction_id == interaction_id, interaction.c.reopened_at.is_(None))
    tx.run(update(interaction).where(tx.mine(interaction), *this).values(reopened_at=now))


def count(tx: Tx, account_id: int, day: date, **more: int) -> None:
    """Add to an account's counts of a day."""
    statement = insert(account_day).values(workspace_id=tx.workspace_id, account_id=account_id, day=day, **more)
    sums = {name: account_day.c[name] + statement.excluded[name] for name in more}
    tx.run(statement.on_conflict_do_update(index_elements=account_day.primary_key, set_=sums))
