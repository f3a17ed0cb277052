"""What an explanation holds, and how programs are told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from kpi.metrics import methods
from kpi.metrics.document import to_json
from kpi.metrics.listing import Figure
from kpi.model import KpiValue
from kpi.policy import KpiDefinition

MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """One list of accounts behind a value: at most MOST_LINES rows of a name and a figure for each column.

    `name` and the columns' names are words joined by underscores; a column's second word is the unit of its figures.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]
    count: int

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.count - len(self.rows)

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        columns = [{"name": name, "unit": unit} for name, unit in self.columns]
        names = [name for name, _ in self.columns]
        rows = [{"account": account, **dict(zip(names, figures, strict=True))} for account, figures in self.rows]
        return {"name": self.name, "columns": columns, "rows": rows, "count": self.count, "more": self.more}


@dataclass(frozen=True, slots=True)
class Fresh:
    """When the newest fact of a frame took place and was recorded, as far as it says."""

    occurred: date | datetime | None
    recorded: datetime | None

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        return {"occurred": _iso(self.occurred), "recorded": _iso(self.recorded)}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A value and what stands behind it. `variants`: every way to measure it with its formula, the one taken first."""

    value: KpiValue
    definition: KpiDefinition
    variants: Mapping[str, str]
    lists: tuple[Shown, ...]
    period: str
    as_of: str
    fresh: Mapping[str, Fresh]

    @property
    def method(self) -> str | None:
        """How the interval is computed, in words; None without an interval."""
        return None if self.value.interval is None else methods.spoken(self.value.interval.method)

    @property
    def good(self) -> Mapping[str, float] | None:
        """What is aimed for: at least, or at most so much; None where nobody said."""
        target = self.value.target
        return None if target is None else {{"up": "at_least"}.get(self.definition.better, "at_most"): target.value}

    def document(self) -> dict[str, Any]:
        """The value's document with all of this."""
        explain = {
            "formula": self.value.formula,
            "variants": dict(self.variants),
            "lists": [shown.document() for shown in self.lists],
            "exclusions": list(self.value.exclusions),
            "interval": {"words": self.method, "reference": self.definition.reference},
            "period": self.period,
            "as_of": self.as_of,
            "good": self.good,
            "freshness": {name: fresh.document() for name, fresh in self.fresh.items()},
        }
        return {**to_json(self.value), "explain": explain}


def _iso(at: date | datetime | None) -> str | None:
    if isinstance(at, datetime):
        return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return None if at is None else at.isoformat()
