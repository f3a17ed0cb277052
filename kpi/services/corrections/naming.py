"""From the words somebody names a row by to the row."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from kpi.errors import KpiError, Misfilled, UnknownWord
from kpi.records.catalog import BY_NAME
from kpi.records.entity import Entity
from kpi.records.kinds import Misread
from kpi.records.reading import shown
from kpi.services.corrections.words import Row
from kpi.store.corrections import finding
from kpi.store.store import Record, Tx


def entity_of(name: str) -> Entity:
    """The entity of this name; UnknownWord lists those there are."""
    found = BY_NAME.get(name)
    if found is None:
        raise UnknownWord(f"“{name}” is not a kind of row; there are {', '.join(BY_NAME)}.", tuple(BY_NAME))
    return found


def cells(entity: Entity, given: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """Canonical texts of what was given; Misfilled names the column that cannot be taken."""
    return {name: _cell(entity, name, value, zone) for name, value in given.items()}


def find(tx: Tx, row: Row, zone: ZoneInfo) -> tuple[Entity, Record]:
    """The one row that is meant; KpiError when its key is incomplete or wrong, or there is none."""
    entity = entity_of(row.entity)
    named = ", ".join(entity.key)
    strange = [name for name in row.key if name not in entity.key]
    if strange or not row.key:
        what = f"“{strange[0]}” does not name rows of {entity.name}" if strange else "It does not say which row"
        raise KpiError(f"{what}; they are named by {named}.")
    wanted = finding.meant(tx, entity, cells(entity, row.key, zone))
    found = finding.find(tx, entity, wanted)
    if not found:
        raise UnknownWord(f"There is no row of {entity.name} with {spelt(row.key)}.")
    if len(found) > 1:
        missing = ", ".join(name for name in entity.key if name not in row.key)
        raise KpiError(f"Several rows of {entity.name} have {spelt(row.key)}; say which with {missing}.")
    return entity, found[0]


def spelt(key: Mapping[str, Any]) -> str:
    """A key as it was given."""
    return " ".join(f"{name}={value}" for name, value in key.items())


def _cell(entity: Entity, name: str, value: Any, zone: ZoneInfo) -> str:
    if name not in entity.names:
        raise Misfilled(name, f"{entity.name} have no column “{name}”; there are {', '.join(entity.names)}.")
    if not isinstance(value, str | int | float | bool | None):
        raise Misfilled(name, f"{name} must be a text, a number, true, false or null.")
    column = entity.column(name)
    text = _text(value).strip()
    if not text:
        if column.required:
            raise Misfilled(name, f"{name} must be filled in.")
        return ""
    try:
        return column.kind.read(text, zone)
    except Misread as fault:
        raise Misfilled(name, f"{name}: {shown(text)} cannot be taken; {fault.expected}.") from fault


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
