"""Single rows deleted and corrected, with a trace that repeats nobody's words."""

from collections.abc import Mapping
from typing import Any

from kpi.records.entity import Entity
from kpi.services.corrections import changing, naming, removing
from kpi.services.corrections.words import Act, Done, Row, listed
from kpi.services.intake import Intake
from kpi.store.corrections import finding
from kpi.store.store import Record

_PRIVATE = {
    "contacts": ("name", "email", "slack_user_id", "slack_team_id"),
    "replies": ("comment",),
    "feedback": ("text",),
    "interactions": ("note",),
}
"""Who clients are and what they said: a trace says at most that there was something."""


def delete(act: Act, wanted: Row, *, everything: bool) -> Done:
    """Delete the row that is meant."""
    entity, row = _locked(act, wanted)
    subject = _subject(act, entity, row)
    gone = removing.remove(act, entity, row, everything=everything)
    act.note("row.delete", subject, before=_public(entity, finding.told(row)), after=gone)
    hanging = listed({noun: count for noun, count in gone.items() if noun != entity.name})
    also = f", and with it {hanging}" if hanging else ""
    return Done(f"Deleted from {entity.name}: {naming.spelt(wanted.key)}{also}.", gone)


def correct(act: Act, intake: Intake, wanted: Row, values: Mapping[str, Any]) -> Done:
    """Give the row that is meant other values."""
    entity, row = _locked(act, wanted)
    subject = _subject(act, entity, row)
    before = finding.told(row)
    after = changing.change(act, intake, (entity, row), values)
    changed = [name for name in entity.names if before[name] != after[name]]
    if not changed:
        return Done("It says so already; nothing was changed.")
    told = {side: _public(entity, {name: row[name] for name in changed})
            for side, row in (("before", before), ("after", after))}  # fmt: skip
    act.note("row.correct", subject, **told)
    return Done(f"Corrected in {entity.name}: {naming.spelt(wanted.key)}; {', '.join(changed)}.", {entity.name: 1})


def _locked(act: Act, wanted: Row) -> tuple[Entity, Record]:
    """The row that is meant, as it stands while nobody logs or answers for its account."""
    entity, row = naming.find(act.tx, wanted, act.zone)
    if entity.name != "accounts" and row.get("account"):
        finding.locked(act.tx, "accounts", row["account"])
        return naming.find(act.tx, wanted, act.zone)
    return entity, row


def _subject(act: Act, entity: Entity, row: Record) -> str:
    """How traces call it: what has a name of its own by its id, which outlives the name."""
    if entity.name in ("owners", "accounts", "contacts", "interactions", "surveys"):
        return f"{entity.name.removesuffix('s')}:{finding.id_of(act.tx, entity.name, row[entity.key[0]])}"
    return f"{entity.name}:{'/'.join(str(row[name]) for name in entity.key)}"


def _public(entity: Entity, row: Mapping[str, Any]) -> dict[str, Any]:
    private = _PRIVATE.get(entity.name, ())
    return {name: "…" if value and name in private else value for name, value in row.items() if value is not None}
