"""A KPI over time: where it stands, whether that is news, and a line that Slack draws."""

from collections.abc import Iterator, Sequence

from bot.blocks import findings
from bot.blocks.buttons import beneath, broken_down, explain
from bot.blocks.chart import MOST_POINTS, Series, line_chart
from bot.blocks.grid import Cell, Number
from bot.blocks.kpi_card import Card
from bot.blocks.parts import Block, context, section, trim
from bot.blocks.reader import Reader
from bot.blocks.room import HEARD_CHARS, TABLE_ROOM, table_within
from bot.blocks.rows import COLUMNS, amount, figures, is_whole, standing, when
from bot.blocks.signals import signals_sentence
from bot.blocks.ticks import tick
from kpi.model import KpiValue
from kpi.services.phrases.wording import value_words
from kpi.services.trends import Trend

_UNITS = {"percent": "%", "score": "of 100", "per 30 days": "touch days per 30 days"}


def trend_card(found: Trend, reader: Reader, words: str) -> Card:
    """The latest value and what the course says, then the course as a chart, or as a table where none can be drawn.

    `words` ask the same again.
    """
    last = found.values[-1]
    said = f"{findings.headline(last, reader)} {signals_sentence(found.signals, found.values, reader)}"
    question = value_words(last)
    buttons = beneath(words, explain(question), *broken_down(question, last.scope))
    blocks = [section(said), _course(found, reader), context(*_notes(found, reader)), *buttons]
    heard = "; ".join(f"{when(value, reader)}: {amount(value, reader)}" for value in found.values)
    return {"text": trim(f"{said} {findings.evidence(last, reader, ', ')}. {heard}.", HEARD_CHARS), "blocks": blocks}


def needs_picture(found: Trend) -> bool:
    """Whether there are more points than Slack draws."""
    return len(_points(found)) > MOST_POINTS


def _points(found: Trend) -> list[KpiValue]:
    return [value for value in found.values if value.value is not None]


def _course(found: Trend, reader: Reader) -> Block:
    points = _points(found)
    title = f"{found.label}, {len(found.values)} periods"
    if not 2 <= len(points) <= MOST_POINTS:
        rows = [_row(value, reader) for value in reversed(found.values)]
        return table_within(TABLE_ROOM, f"{title}, the latest first", ("Period", *COLUMNS), rows)
    unit = reader.currency if points[0].unit == "money" else _UNITS.get(points[0].unit, points[0].unit)
    return line_chart(title, [tick(value.period, reader) for value in points], _series(found, points), unit)


def _series(found: Trend, points: Sequence[KpiValue]) -> Series:
    """The values, and as lines of their own the target, where each period has one, and the mean."""
    series = {"Value": [value.value for value in points]}
    targets = [value.target.value for value in points if value.target]
    if len(targets) == len(points):
        series["Target"] = [*targets]
    if found.signals.centre is not None:
        series["Mean"] = [found.signals.centre] * len(points)
    return series


def _row(value: KpiValue, reader: Reader) -> list[Cell]:
    shown, n, *others = figures(value, reader)
    worth: Cell = shown if value.value is None else Number(value.value, shown)
    return [when(value, reader), worth, Number(value.n, n), *others, standing(value)]


def _notes(found: Trend, reader: Reader) -> Iterator[str]:
    last, points = found.values[-1], _points(found)
    yield " · ".join(filter(None, (findings.evidence(last, reader), findings.target(last, reader))))
    missing = len(found.values) - len(points)
    if missing:
        yield f"{reader.number(missing)} of {reader.number(len(found.values))} periods {_have(missing)} no value."
    if points and not is_whole(points[-1]):
        yield f"{when(points[-1], reader)[0].upper()}{when(points[-1], reader)[1:]}: not over yet."
    if needs_picture(found):
        yield "These are more periods than Slack draws; a picture of them follows."
    yield f"As of {reader.instant(last.as_of)}"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
