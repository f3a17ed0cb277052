"""What stands behind a value in words: for an explanation's card and for a terminal. Not escaped."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.blocks.details import words
from bot.blocks.reader import Reader
from kpi.metrics.listing import Figure
from kpi.services.explained import Explanation, Fresh, Shown


def heading(shown: Shown, reader: Reader) -> str:
    """A list's name and how many stand in it."""
    return f"{words(shown.name)}: {reader.number(shown.count)}"


def columns(shown: Shown) -> tuple[str, ...]:
    """The headings of a list with figures."""
    return ("Account", *(words(name) for name, _ in shown.columns))


def lines(shown: Shown, reader: Reader) -> Iterator[tuple[str, ...]]:
    """Its accounts with their figures."""
    for account, figures in shown.rows:
        each = zip(figures, shown.columns, strict=True)
        yield (account, *(_figure(figure, unit, reader) for figure, (_, unit) in each))


def more(shown: Shown, reader: Reader) -> str:
    """How many are not listed, "" where all are."""
    return f"and {reader.number(shown.more)} more" if shown.more else ""


def meaning(found: Explanation, reader: Reader) -> Iterator[tuple[str, str]]:
    """What was counted how and when, each with a label."""
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


def _figure(figure: Figure, unit: str, reader: Reader) -> str:
    if isinstance(figure, Mapping):
        return ", ".join(f"{answer} ×{count}" for answer, count in figure.items())
    if figure is None:
        return "not shown"
    return figure if isinstance(figure, str) else reader.amount(figure, unit)


def _newest(fresh: Fresh, reader: Reader) -> str:
    at = fresh.occurred
    took_place = "" if at is None else reader.instant(at) if isinstance(at, datetime) else reader.day(at)
    noted = "" if fresh.recorded is None else f"recorded {reader.instant(fresh.recorded)}"
    return "; ".join(part for part in (took_place, noted) if part)
