"""Why a KPI is what it is, for a terminal."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from bot.blocks.console import value_view
from bot.blocks.details import words
from bot.blocks.reader import Reader
from bot.blocks.tables import lines, pairs
from kpi.metrics.listing import Figure
from kpi.records.reading import visible
from kpi.services.explained import Explanation, Fresh, Shown


def explain_view(found: Explanation, reader: Reader) -> Group:
    """The value with its evidence, the accounts behind it, and what was counted how and when."""
    lists = [part for shown in found.lists for part in _listed(shown, reader)]
    meaning = pairs((label, visible(said)) for label, said in _meaning(found, reader))
    return Group(value_view(found.value, reader), *lists, _heading("How to read it"), meaning)


def _listed(shown: Shown, reader: Reader) -> Iterator[RenderableType]:
    yield _heading(f"{words(shown.name)}: {reader.number(shown.count)}")
    more = f"and {reader.number(shown.more)} more" if shown.more else ""
    if not shown.columns:
        names = ", ".join(visible(account) for account, _ in shown.rows) or "none"
        yield Text(f"{names} {more}".rstrip())
        return
    table = lines("Account", *(words(name) for name, _ in shown.columns))
    for account, figures in shown.rows:
        each = zip(figures, shown.columns, strict=True)
        table.add_row(Text(visible(account)), *(Text(_figure(figure, unit, reader)) for figure, (_, unit) in each))
    yield table
    if more:
        yield Text(more)


def _figure(figure: Figure, unit: str, reader: Reader) -> str:
    if isinstance(figure, Mapping):
        return ", ".join(f"{answer} ×{count}" for answer, count in figure.items())
    if figure is None:
        return "not shown"
    return visible(figure) if isinstance(figure, str) else reader.amount(figure, unit)


def _meaning(found: Explanation, reader: Reader) -> Iterator[tuple[str, str]]:
    for name, formula in list(found.variants.items())[1:]:
        yield f"Or by {name}", formula
    if found.method:
        yield "Interval", f"{found.method}. {found.definition.reference}".strip()
    yield "Period", found.period
    yield "As of", found.as_of
    for bound, aim in (found.good or {}).items():
        yield "A good value", f"{words(bound)} {reader.amount(aim, found.value.unit)}, the target in force."
    for name, fresh in found.fresh.items():
        if fresh.occurred or fresh.recorded:
            yield f"Newest {name}", _newest(fresh, reader)


def _newest(fresh: Fresh, reader: Reader) -> str:
    at = fresh.occurred
    took_place = "" if at is None else reader.instant(at) if isinstance(at, datetime) else reader.day(at)
    noted = "" if fresh.recorded is None else f"recorded {reader.instant(fresh.recorded)}"
    return "; ".join(part for part in (took_place, noted) if part)


def _heading(said: str) -> Text:
    return Text(f"\n{said}", style="bold")
