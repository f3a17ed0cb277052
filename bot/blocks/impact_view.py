"""What a change came to, for a terminal."""

from collections.abc import Iterable

from rich.console import Group
from rich.table import Table
from rich.text import Text

from bot.blocks.console import whose
from bot.blocks.reader import Reader
from kpi.records.reading import visible
from kpi.services.impact_checks import Check, Document, Impact, Marker

CAVEAT = (
    "Before and after, not a controlled test: whatever else happened in these days shows too, "
    "and of twenty KPIs one moves by more than noise by chance."
)
_NOISE = {True: "more than noise", False: "within noise"}
_COLUMNS = ("KPI", "Before", "After", "Change", "95% interval", "Verdict")
_LENGTHS = {1: "One month", 3: "Three months"}


def impact_view(impact: Impact, reader: Reader) -> Group:
    """The change, what to make of it, and a table for each window."""
    scope = f" for {whose(impact.scope)}" if impact.scope.name else ""
    what = f"“{visible(impact.what)}” on {reader.day(impact.changed_on)}{scope}"
    parts = [part for check in impact.checks for part in _checked(check, reader)]
    return Group(Text(what, style="bold"), Text(CAVEAT, style="dim"), *parts)


def markers_view(markers: Iterable[Marker], reader: Reader) -> Table:
    """Every change that is looked at, what came out and when the rest will."""
    table = Table("Change", "Day", "For", *_LENGTHS.values(), box=None)
    for marker in markers:
        impact = marker.impact
        said = (_outcome(check, len(impact.keys), reader) for check in impact.checks)
        named = (Text(visible(impact.what)), reader.day(impact.changed_on), Text(whose(impact.scope) or "all"))
        table.add_row(*named, *(Text(words) for words in said))
    return table


def _checked(check: Check, reader: Reader) -> list[Text | Table]:
    window, count = check.window, check.window.elapsed_days
    until = "" if window.complete else f", to date: it closes on {reader.day(window.end)}"
    before = f"the {reader.number(count)} days before" if count > 1 else "the day before"
    days = f"{reader.days(window.start, window.last)} against {before}{until}"
    heading = Text(f"\n{_LENGTHS[window.months]}: {days}", style="bold")
    table = Table(*_COLUMNS, box=None)
    for document in check.kpis:
        table.add_row(*(Text(cell) for cell in _cells(document, reader)))
    return [heading, table, *(Text(visible(problem), style="dim") for problem in check.problems)]


def _cells(document: Document, reader: Reader) -> tuple[str, ...]:
    unit, change, previous = document["unit"], document["change"], document["previous"] or {"value": None, "n": 0}
    moved = ("", "")
    if change is not None:
        bounds = [_signed(bound, reader) for bound in (change["low"], change["high"]) if bound is not None]
        moved = _size(change["delta"], reader), " to ".join(bounds) if len(bounds) == 2 else ""
    sides = (_side(side["value"], side["n"], unit, reader) for side in (previous, document))
    return (visible(document["label"]), *sides, *moved, _verdict(document))


def _side(value: float | None, n: int, unit: str, reader: Reader) -> str:
    amount = "no value" if value is None else reader.amount(value, unit)
    return f"{amount} (n = {reader.number(n)})"


def _verdict(document: Document) -> str:
    """Whether the change is more than noise, or why there is none to judge."""
    if document["value"] is None:
        return visible(document["reason"] or "There is nothing to compute it from.")
    if document["change"] is not None:
        return _NOISE[document["change"]["beyond_noise"]]
    had_value = document["previous"] is not None and document["previous"]["value"] is not None
    return "the two cannot be compared" if had_value else "no value before the change to compare with"


def _outcome(check: Check, wanted: int, reader: Reader) -> str:
    """A window in a cell: what of it is more than noise, or when it closes."""
    if not check.window.complete:
        return f"closes on {reader.day(check.window.end)}"
    if len(check.kpis) < wanted:
        return f"closed; {len(check.kpis)} of {wanted} results kept so far"
    compared = [document for document in check.kpis if document["change"] is not None]
    moved = [document["key"] for document in compared if document["change"]["beyond_noise"]]
    if moved:
        return f"more than noise: {', '.join(moved)}"
    return "within noise" if compared else "nothing to compare"


def _size(delta: float, reader: Reader) -> str:
    """A change with its sign; one that rounds to nothing and yet is not nothing says so."""
    if delta and not round(delta, 1):
        return f"{'+' if delta > 0 else '-'} under {reader.number(0.1)}"
    return _signed(delta, reader)


def _signed(value: float, reader: Reader) -> str:
    said = reader.number(value)
    return f"+{said}" if round(value, 1) > 0 else said
