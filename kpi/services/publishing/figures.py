"""The figures of a published document: which of them count as a revision, and what changed in words. Pure."""

from collections.abc import Mapping, Sequence
from json import dumps
from math import isclose
from typing import Any

from kpi.metrics.document import to_json
from kpi.model import KpiValue

Document = Mapping[str, Any]

REVISED = (
    *("value", "n", "accounts", "numerator", "denominator", "interval"),
    *("status", "details", "exclusions"),
)
"""What makes a revision when it differs; the comparison with another period, the target and the words do not."""
UNITS = {"percent": " %", "points": " points", "hours": " h"}
_CLOSE = 1e-9
"""Relative: below this two figures differ by the machine, not by facts."""
_MOST_DECIMALS = 6
_DETAILS_SAID = 3
_MOST_NAMES = 3


def written(value: KpiValue) -> str:
    """The value's JSON document as it is stored and printed: the same value, the same bytes."""
    return dumps(to_json(value), ensure_ascii=False, allow_nan=False)


def differ(old: Document, new: Document) -> tuple[str, ...]:
    """The names of the figures that are not the same in both."""
    return tuple(name for name in REVISED if not _same(old[name], new[name]))


def seen(document: Document) -> tuple[Any, ...]:
    """What people see of a value at a glance."""
    value = document["value"]
    return None if value is None else round(value, 1), *(document[name] for name in ("n", "accounts", "status"))


def told(old: Document, new: Document, currency: str) -> str:
    """What changed: `82.4 → 80.1 %, n 34 → 36`, else what else did."""
    names = differ(old, new)
    said = [_moved(old["value"], new["value"], _unit(new, currency))] if "value" in names else []
    said += [f"n {_moved(old['n'], new['n'])}"] if "n" in names else []
    return ", ".join(said or [_part(name, old[name], new[name]) for name in names])


def amount(document: Document, currency: str) -> str:
    """The value with its unit, or that there is none."""
    return _with(_text(document["value"], 1), _unit(document, currency), document["value"])


def _unit(document: Document, currency: str) -> str:
    return UNITS.get(document["unit"], f" {currency}" if document["unit"] == "money" else "")


def _part(name: str, old: Any, new: Any) -> str:
    if name != "details":
        return f"{_words(name)} {_moved(old, new)}"
    parts = [key for key in dict.fromkeys([*old, *new]) if not _same(old.get(key), new.get(key))]
    return ", ".join(f"{_words(key)} {_moved(old.get(key), new.get(key))}" for key in parts[:_DETAILS_SAID])


def _moved(old: Any, new: Any, unit: str = "") -> str:
    """From the old to the new, with as many decimals as it takes to tell them apart."""
    pairs = [(_text(old, places), _text(new, places)) for places in range(1, _MOST_DECIMALS + 1)]
    before, after = next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])
    return f"{_with(before, unit if new is None else '', old)} → {_with(after, unit, new)}"


def _with(text: str, unit: str, value: Any) -> str:
    return text if value is None else text + unit


def _text(part: Any, places: int) -> str:
    """A figure in words: an interval from its low to its high end, a list by its members while they are few."""
    if part is None:
        return "no value"
    if isinstance(part, Mapping):
        return f"{_text(part.get('low'), places)} to {_text(part.get('high'), places)}"
    if isinstance(part, list):
        return " and ".join(map(str, part)) or "nothing" if len(part) <= _MOST_NAMES else f"{len(part)} of them"
    return f"{part:,.{places}f}".rstrip("0").rstrip(".").replace("-", "−") if _is_number(part) else str(part)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _is_number(part: Any) -> bool:
    return isinstance(part, int | float) and not isinstance(part, bool)


def _same(old: Any, new: Any) -> bool:
    if _is_number(old) and _is_number(new):
        return isclose(old, new, rel_tol=_CLOSE, abs_tol=_CLOSE)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, Sequence) and isinstance(new, Sequence) and not isinstance(old, str):
        return len(old) == len(new) and all(map(_same, old, new))
    return bool(old == new)
