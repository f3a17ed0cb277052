"""How asking went: what became of the questions, who is silent, who wants none."""

from collections.abc import Sequence

from bot.blocks import fates
from bot.blocks.kpi_card import Card
from bot.blocks.parts import context, fitted, section, trim
from bot.blocks.reader import DAY, Reader
from bot.blocks.room import HEARD_CHARS, TABLE_ROOM, filled, table_within
from kpi.services.surveys.covered import Coverage

_LISTED, _LINE_CHARS = 8, 300


def surveys_card(found: Coverage, reader: Reader) -> Card:
    """The whole in a sentence, then a table by account, programme or owner, then what needs somebody's eye."""
    said = _sentence(found, reader)
    rows = [[fates.called(line, found.by), *fates.cells(line, reader)] for line in found.lines]
    caption = f"{fates.title(found, reader)} by {found.by}, the lowest rate first"
    table = [table_within(TABLE_ROOM, caption, (found.by.capitalize(), *fates.COLUMNS), rows)] if rows else []
    lists = list(fates.lists(found, reader))
    days = reader.days(found.period.start, found.period.end - DAY)
    small = context(f"{days} · as of {reader.instant(found.as_of)}")
    blocks = filled([section(said), *table], ([section(_list(*each, reader))] for each in lists), spare=[small])
    heard = " ".join([said, *(_heard(*each) for each in lists)])
    return {"text": trim(heard, HEARD_CHARS), "blocks": [*blocks, small]}


def _sentence(found: Coverage, reader: Reader) -> str:
    tally = found.whole.tally
    told = f"*{fitted(fates.title(found, reader), 150)}:* {fates.came_to(tally, reader)}"
    beside = fates.not_asked(tally, reader)
    return f"{told}; {fates.rate(found.whole.rate, reader).rstrip('.')}." + (f" Not asked: {beside}." if beside else "")


def _list(name: str, lines: Sequence[str], reader: Reader) -> str:
    """A paragraph of the first of them, and how many more there are."""
    shown = [f"• {fitted(line, _LINE_CHARS)}" for line in lines[:_LISTED]]
    more = [f"and {reader.number(len(lines) - _LISTED)} more"] if len(lines) > _LISTED else []
    return "\n".join([f"*{name}*", *shown, *more])


def _heard(name: str, lines: Sequence[str]) -> str:
    return f"{name}: {'; '.join(fitted(line, _LINE_CHARS) for line in lines)}."
