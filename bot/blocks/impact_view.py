"""What a change came to, for a terminal."""

from collections.abc import Iterable

from rich.console import Group
from rich.table import Table
from rich.text import Text

from bot.blocks import effects
from bot.blocks.console import whose
from bot.blocks.reader import Reader
from kpi.records.reading import visible
from kpi.services.impact_checks import Check, Impact, Marker


def impact_view(impact: Impact, reader: Reader) -> Group:
    """The change, what to make of it, and a table for each window."""
    parts = [part for check in impact.checks for part in _checked(check, reader)]
    what = visible(effects.changed(impact, reader))
    return Group(Text(what, style="bold"), Text(effects.CAVEAT, style="dim"), *parts)


def markers_view(markers: Iterable[Marker], reader: Reader) -> Table:
    """Every change that is looked at, what came out and when the rest will."""
    table = Table("Change", "Day", "For", *effects.LENGTHS.values(), box=None)
    for marker in markers:
        impact = marker.impact
        said = (_outcome(check, len(impact.keys), reader) for check in impact.checks)
        named = (Text(visible(impact.what)), reader.day(impact.changed_on), Text(whose(impact.scope) or "all"))
        table.add_row(*named, *(Text(words) for words in said))
    return table


def _checked(check: Check, reader: Reader) -> list[Text | Table]:
    heading = Text(f"\n{effects.looked_at(check, reader)}", style="bold")
    table = Table(*effects.COLUMNS, box=None)
    for document in check.kpis:
        table.add_row(*(Text(visible(cell)) for cell in effects.cells(document, reader)))
    return [heading, table, *(Text(visible(problem), style="dim") for problem in check.problems)]


def _outcome(check: Check, wanted: int, reader: Reader) -> str:
    """A window in a cell: what of it is more than noise, or when it closes."""
    if not check.window.complete:
        return f"closes on {reader.day(check.window.end)}"
    if len(check.kpis) < wanted:
        return f"closed; {len(check.kpis)} of {wanted} results kept so far"
    compared = [document for document in check.kpis if document["change"] is not None]
    moved = [document["key"] for document in compared if effects.is_news(document)]
    if moved:
        return f"more than noise: {', '.join(moved)}"
    return "within noise" if compared else "nothing to compare"
