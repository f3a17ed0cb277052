"""Keys of accounts and contacts that were merged into others go on meaning those."""

from collections.abc import Mapping

from sqlalchemy import Table, and_, delete, literal, select, update

from kpi.store.intake.plan import KNOWN
from kpi.store.intake.staging import Stage
from kpi.store.tables import account_alias, contact_alias

ALIASES: Mapping[str, Table] = {"accounts": account_alias, "contacts": contact_alias}


def canonical(stage: Stage) -> int:
    """Spell merged keys as what they were merged into; rows that describe what was merged away are taken out: how
    many."""
    away = 0
    for entity, alias in ALIASES.items():
        if stage.tx.value(select(literal(1)).select_from(alias).where(stage.tx.mine(alias)).limit(1)) is None:
            continue
        if stage.entity.name == entity:
            gone = delete(stage.table).where(alias.c.key == stage.c[stage.entity.key[0]], stage.tx.mine(alias))
            away += stage.tx.run(gone)
        for column in stage.entity.columns:
            if column.names == entity and column.name in stage.given:
                _respell(stage, column.name, entity)
    return away


def _respell(stage: Stage, column: str, entity: str) -> None:
    alias, known = ALIASES[entity], KNOWN[entity]
    into = known.table.alias("into")
    same = and_(into.c.workspace_id == alias.c.workspace_id, into.c[known.id] == alias.c[known.id])
    spelt = select(alias.c.key, into.c.key.label("into")).join(into, same).where(stage.tx.mine(alias)).cte("spelt")
    stage.tx.run(update(stage.table).where(spelt.c.key == stage.c[column]).values({column: spelt.c.into}))
