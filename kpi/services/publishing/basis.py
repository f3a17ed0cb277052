"""What a published value rests on, as digests: the facts of its period and the settings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import pandas as pd

    from kpi.facts import Facts
    from kpi.metrics.kpi import Kpi
    from kpi.policy import KpiDefinition, Policy

Row = tuple[Any, ...]


def rested_on(kpi: Kpi, facts: Facts, policy: Policy, definition: KpiDefinition) -> dict[str, Any]:
    """What is stored beside a value: each frame's rows and their digest, the settings' digests, and what was shown."""
    return {"frames": frames(kpi, facts), "settings": settings(policy, definition), "min_n": definition.min_n}


def frames(kpi: Kpi, facts: Facts) -> dict[str, list[Any]]:
    """Of each frame the KPI reads how many rows it has and a digest of them."""
    listed = {name: rows(_told(getattr(facts, name))) for name in sorted(kpi.base.frames)}
    return {name: [len(found), _digest("\n".join("\t".join(map(str, row)) for row in found))]
            for name, found in listed.items()}  # fmt: skip


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame without the series of its answers where all are of the first: digests are older than series."""
    return frame.drop(columns="series") if "series" in frame and (frame["series"] == 1).all() else frame


def settings(policy: Policy, definition: KpiDefinition) -> dict[str, str]:
    """A digest of each setting that enters figures, by the word people have for it."""
    workspace = policy.workspace
    named = {
        "timezone": workspace.timezone,
        "currency": workspace.currency,
        "rates": workspace.rates,
        "gross margin": workspace.gross_margin,
        "discount rate": workspace.discount_rate,
        "calendars": policy.calendars,
        "target": definition.target,
    }
    return {name: _digest(dumps(_plain(value), sort_keys=True)) for name, value in named.items()}


def rows(frame: pd.DataFrame) -> list[Row]:
    """A frame's rows as plain values that can be compared: instants in microseconds, what is missing alike."""
    return list(zip(*(_values(frame[name]) for name in frame.columns), strict=True))


def _values(column: pd.Series[Any]) -> list[Any]:
    if column.dtype.kind == "M":
        return column.astype("int64").tolist()
    return column.fillna(-1).tolist() if column.dtype == "Int64" else column.tolist()


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """Values alike come out alike in every process."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Set):
        return sorted(map(_plain, value))
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, ZoneInfo | Decimal | date) else value
