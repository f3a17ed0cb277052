"""What is inside a case's input, in the spellings sources use."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

Figures = Mapping[str, Any]


def level(given: Figures) -> float:
    """The confidence level, 0.95 unless said."""
    return float(given.get("confidence", 0.95))


def spelled(given: Figures, *names: str) -> Any:
    """The value under the first of some spellings that is there."""
    return next(given[name] for name in names if name in given)


def finite(value: float | None) -> float | None:
    """The value; None where it is infinite."""
    return value if value is not None and isfinite(value) else None


def quotient(part: float, whole: float) -> float | None:
    """part/whole; None when there is no whole."""
    return part / whole if whole else None


def instant(text: str, zone: ZoneInfo | None = None) -> datetime:
    """An ISO 8601 wall time in `zone` (UTC unless said), or an instant with its own offset."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=zone or UTC)


def elapsed(given: Figures) -> tuple[datetime, datetime]:
    """The instants a wait begins and ends."""
    zone = ZoneInfo(given["timezone"]) if "timezone" in given else None
    return instant(given["start"], zone), instant(given["end"], zone)
