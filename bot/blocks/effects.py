"""What a change came to, in words: for a card and for a terminal. Not escaped."""

from bot.blocks.findings import NOTHING
from bot.blocks.parts import trim
from bot.blocks.reader import Reader
from bot.blocks.rows import called
from kpi.services.impact_checks import Check, Document, Impact

CAVEAT = (
    "Before and after, not a controlled test: whatever else happened in these days shows too, "
    "and of twenty KPIs one moves by more than noise by chance."
)
COLUMNS = ("KPI", "Before", "After", "Change", "95% interval", "Verdict")
LENGTHS = {1: "One month", 3: "Three months"}
_NOISE = {True: "more than noise", False: "within noise"}


def changed(impact: Impact, reader: Reader) -> str:
    """What changed, on which day, for whom."""
    scope = f" for {called(impact.scope)}" if impact.scope.name else ""
    return f"“{impact.what}” on {reader.day(impact.changed_on)}{scope}"


def looked_at(check: Check, reader: Reader) -> str:
    """Which days are compared with which, and until when."""
    window, count = check.window, check.window.elapsed_days
    until = "" if window.complete else f", to date: it closes on {reader.day(window.end)}"
    before = f"the {reader.number(count)} days before" if count > 1 else "the day before"
    return f"{LENGTHS[window.months]}: {reader.days(window.start, window.last)} against {before}{until}"


def is_news(document: Document) -> bool:
    """Whether a KPI moved by more than noise."""
    return document["change"] is not None and bool(document["change"]["beyond_noise"])


def cells(document: Document, reader: Reader) -> tuple[str, ...]:
    """A KPI on both sides, its change with the interval, and the verdict."""
    unit, change, previous = document["unit"], document["change"], document["previous"] or {"value": None, "n": 0}
    moved = ("", "")
    if change is not None:
        bounds = [_signed(bound, reader) for bound in (change["low"], change["high"]) if bound is not None]
        moved = _size(change["delta"], reader), " to ".join(bounds) if len(bounds) == 2 else ""
    sides = (_side(side["value"], side["n"], unit, reader) for side in (previous, document))
    return (document["label"], *sides, *moved, _verdict(document))


def _side(value: float | None, n: int, unit: str, reader: Reader) -> str:
    amount = "no value" if value is None else reader.amount(value, unit)
    return f"{amount} (n = {reader.number(n)})"


def _verdict(document: Document) -> str:
    """Whether the change is more than noise, or why there is none to judge."""
    if document["value"] is None:
        return trim(document["reason"] or NOTHING, 300)
    if document["change"] is not None:
        return _NOISE[document["change"]["beyond_noise"]]
    had_value = document["previous"] is not None and document["previous"]["value"] is not None
    return "the two cannot be compared" if had_value else "no value before the change to compare with"


def _size(delta: float, reader: Reader) -> str:
    """A change with its sign; one that rounds to nothing and yet is not nothing says so."""
    if delta and not round(delta, 1):
        return f"{'+' if delta > 0 else '-'} under {reader.number(0.1)}"
    return _signed(delta, reader)


def _signed(value: float, reader: Reader) -> str:
    said = reader.number(value)
    return f"+{said}" if round(value, 1) > 0 else said
