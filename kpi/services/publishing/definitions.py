"""The ledger of definitions: what was published under a version stays what that version means."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from json import dumps
from zoneinfo import ZoneInfo

from kpi.errors import KpiError
from kpi.periods import local_day, spoken
from kpi.policy import KpiDefinition
from kpi.store import values as rows
from kpi.store.store import Record, Tx


class Redefined(KpiError):
    """A definition is no longer the one its version was published by."""


def fingerprint(definition: KpiDefinition) -> str:
    """Tells what a definition's figures mean from anything else they could: variant, formula, and when they show."""
    means = (definition.variant, definition.formula, sorted(definition.variants.items()), definition.min_n)
    return sha256(dumps(means).encode()).hexdigest()


def stand_by(tx: Tx, definition: KpiDefinition, now: datetime, zone: ZoneInfo) -> None:
    """Write a definition down the first time it is published by; Redefined if its version meant something else.

    `zone` is whose days people are told.
    """
    rows.define(tx, {
        "kpi_key": definition.key,
        "definition_version": definition.definition_version,
        "fingerprint": fingerprint(definition),
        "variant": definition.variant,
        "formula": definition.formula_of(definition.variant),
        "first_published_at": now,
    })  # fmt: skip
    if fault := _fault(definition, rows.definitions(tx, definition.key), zone):
        raise Redefined(fault)


def redefined(tx: Tx, definitions: Iterable[KpiDefinition], zone: ZoneInfo) -> tuple[str, ...]:
    """A sentence for every definition that is not the one its version was published by."""
    faults = (_fault(definition, rows.definitions(tx, definition.key), zone) for definition in definitions)
    return tuple(fault for fault in faults if fault)


def _fault(definition: KpiDefinition, known: list[Record], zone: ZoneInfo) -> str | None:
    this = [row for row in known if row["definition_version"] == definition.definition_version]
    if not this or this[0]["fingerprint"] == fingerprint(definition):
        return None
    since, highest = local_day(this[0]["first_published_at"], zone), known[-1]["definition_version"]
    return (
        f"kpis.yaml: {definition.key}.definition_version: {definition.definition_version} was published from "
        f"{spoken(since)} on with another variant, formula or min_n than it has now; give it one above {highest}, so "
        "that figures of before stay what they are."
    )
