"""A stored row says something else, by the same rules as one that comes in."""

from collections.abc import Mapping
from typing import Any

from kpi.errors import KpiError, Misfilled
from kpi.records.entity import Entity
from kpi.services.corrections import naming
from kpi.services.corrections.words import Act, InUse, listed
from kpi.services.intake import Intake
from kpi.store.corrections import finding, removing, renaming
from kpi.store.corrections.referring import referring
from kpi.store.store import Record

_TIED = {"interactions": ("account",), "surveys": ("account", "instrument")}
"""What those that refer to a row say too: it cannot change under them."""
_FILLED = ("currency", "kind")
"""Parts of keys that are never empty where they are stored."""


def change(act: Act, intake: Intake, found: tuple[Entity, Record], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a found row other values, of its key too; the row as it reads then. KpiError says what is wrong."""
    entity, row = found
    if not values:
        raise KpiError(f"Nothing is to change; say what, as one of {', '.join(entity.names)}.")
    cells = finding.present(act.tx, entity, naming.cells(entity, values, act.zone))
    _check_key(entity, cells)
    before = finding.told(row)
    wanted = before | cells
    _check_tied(act, entity, before, wanted)
    if any(wanted[name] != before[name] for name in entity.key):
        _rekey(act, entity, row, wanted)
    taken = intake.put_in(act.tx, entity, [wanted])
    if taken.flaws:
        first = taken.flaws[0]
        raise Misfilled(first.column, f"{first.column}: {first.text}; nothing was changed.")
    (after,) = finding.find(act.tx, entity, _key(entity, wanted))
    return finding.told(after)


def _key(entity: Entity, row: Mapping[str, Any]) -> dict[str, str]:
    return {name: row[name] or "" for name in entity.key}


def _check_key(entity: Entity, cells: Mapping[str, str]) -> None:
    empty = [name for name in entity.key if name in _FILLED and not cells.get(name, "filled")]
    if empty:
        raise Misfilled(empty[0], f"{empty[0]} is part of what the row is called by; it must be filled in.")


def _check_tied(act: Act, entity: Entity, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    changed = [name for name in _TIED.get(entity.name, ()) if after[name] != before[name]]
    if changed:
        (key,) = entity.key
        refers = referring(act.tx, entity.name, finding.id_of(act.tx, entity.name, before[key]) or 0)
        said = {noun: count for noun, count in refers.items() if noun in ("surveys", "answers")}
        if said:
            raise InUse(f"“{before[key]}” has {listed(said)}, so its {changed[0]} cannot change under them. "
                        "Delete them first, or let them refer to nothing.")  # fmt: skip


def _rekey(act: Act, entity: Entity, row: Record, after: Mapping[str, Any]) -> None:
    """Make room: the row gets its new key, or goes, to come in again under it."""
    cells = _key(entity, after)
    if finding.find(act.tx, entity, cells):
        raise InUse(f"There is a row of {entity.name} with {naming.spelt(cells)} already; delete or correct that one.")
    if len(entity.key) == 1:
        _rename(act, entity, row, cells)
    elif entity.name == "messages":
        removing.remove_messages(act.tx, entity, row)
    else:
        removing.remove_row(act.tx, entity, row)


def _rename(act: Act, entity: Entity, row: Record, cells: Mapping[str, str]) -> None:
    (name,) = entity.key
    if entity.name == "interactions" and (source := renaming.source_of(act.tx, row[name])) != renaming.IMPORTED:
        raise KpiError(f"“{row[name]}” is what {source} calls it, so that it is not stored twice; it keeps that key.")
    if not cells[name]:
        raise Misfilled(name, f"{name} must be filled in.")
    if renaming.is_former(act.tx, entity, cells[name], row):
        raise InUse(f"“{cells[name]}” is the former key of another row of {entity.name}, and still means it.")
    renaming.rename(act.tx, entity, row, cells[name])
