"""What was merged into something else goes, and its keys go on meaning that."""

from sqlalchemy import delete, insert, update

from kpi.store.intake.aliases import ALIASES
from kpi.store.intake.plan import KNOWN
from kpi.store.store import Record, Tx


def forget(tx: Tx, entity: str, gone: Record, into_id: int) -> None:
    """Remove a row of `accounts` or `contacts` nothing refers to any more; its key, and those it had absorbed, go on
    meaning the other."""
    known, alias = KNOWN[entity], ALIASES[entity]
    tx.run(update(alias).where(tx.mine(alias), alias.c[known.id] == gone[known.id]).values({known.id: into_id}))
    tx.run(delete(known.table).where(tx.mine(known.table), known.table.c[known.id] == gone[known.id]))
    tx.run(insert(alias).values({"workspace_id": tx.workspace_id, "key": gone["key"], known.id: into_id}))
