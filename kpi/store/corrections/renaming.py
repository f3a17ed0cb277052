"""Rows that get another key."""

from collections.abc import Mapping

from sqlalchemy import Table, delete, insert, update

from kpi.records.entity import Entity
from kpi.store.corrections.finding import id_of, standing
from kpi.store.intake import PLANS
from kpi.store.intake.aliases import ALIASES
from kpi.store.intake.plan import KNOWN
from kpi.store.store import Record, Tx
from kpi.store.tables import interaction, reply, reply_edit

IMPORTED = "csv"


def source_of(tx: Tx, key: str) -> str:
    """Where an interaction came from."""
    row = tx.row(interaction.select().where(tx.mine(interaction), interaction.c.key == key))
    return str(row["source"]) if row else ""


def rename(tx: Tx, entity: Entity, row: Record, key: str) -> None:
    """A row that has a key of its own is called by another, which is free; merged ones' old keys go on meaning it."""
    (column,) = entity.key
    if entity.name == "replies":
        _rename_version(tx, row[column], key)
        return
    named: Mapping[str, str] = {"external_id": key} if entity.name == "interactions" else {"key": key}
    alias = ALIASES.get(entity.name)
    row_id = id_of(tx, entity.name, row[column]) if alias is not None else None
    tx.run(update(PLANS[entity.name].table).where(standing(tx, entity, row)).values(named))
    if alias is not None and row_id is not None:
        _remember(tx, alias, {KNOWN[entity.name].id: row_id}, (row[column], key))


def _rename_version(tx: Tx, before: str, after: str) -> None:
    edit = (tx.mine(reply_edit), reply_edit.c.key == before)
    tx.run(update(reply_edit).where(*edit).values(key=after))
    own = (tx.mine(reply), reply.c.survey_id.is_(None), reply.c.respondent == f"row:{before}")
    tx.run(update(reply).where(*own).values(respondent=f"row:{after}"))


def _remember(tx: Tx, alias: Table, whose: Mapping[str, int], keys: tuple[str, str]) -> None:
    before, after = keys
    tx.run(delete(alias).where(tx.mine(alias), alias.c.key == after))
    tx.run(insert(alias).values(workspace_id=tx.workspace_id, key=before, **whose))


def is_former(tx: Tx, entity: Entity, key: str, row: Record) -> bool:
    """Whether something else than this row was called by a key before."""
    alias = ALIASES.get(entity.name)
    if alias is None:
        return False
    other = alias.c[KNOWN[entity.name].id] != id_of(tx, entity.name, row[entity.key[0]])
    return tx.row(alias.select().where(tx.mine(alias), alias.c.key == key, other)) is not None
