"""A KPI by segment, owner or account: which is worst, which is best, and a table of all."""

from collections.abc import Iterator, Sequence

from bot.blocks import findings
from bot.blocks.buttons import beneath, by, explain, trend
from bot.blocks.grid import Cell, Number
from bot.blocks.groups import title
from bot.blocks.kpi_card import Card
from bot.blocks.parts import Block, context, fitted, section, trim
from bot.blocks.reader import DAY, Reader
from bot.blocks.room import HEARD_CHARS, TABLE_ROOM, table_within
from bot.blocks.rows import COLUMNS, amount, figures, group_name, standing
from kpi.model import KpiValue, Status
from kpi.services.breakdowns import Breakdown
from kpi.services.phrases.wording import question_words
from kpi.services.questions import Question

_NAME_CHARS = 60
_NEXT = {"segment": "account", "owner": "account", "account": "segment"}
"""What a KPI is broken down by next."""


def breakdown_card(found: Breakdown, reader: Reader, words: str) -> Card:
    """The worst and the best in a sentence, then everyone in a table, the worst first. `words` ask the same again."""
    if not found.values:
        nothing = fitted(title(found, reader), 300)
        return {"text": nothing, "blocks": [section(nothing)]}
    said = sentence(found, reader)
    rows = [_row(value, reader) for value in found.values]
    caption = f"{title(found, reader)}, the worst first"
    table = table_within(TABLE_ROOM, caption, (found.by.capitalize(), *COLUMNS), rows)
    blocks = [section(said), table, context(*_notes(found, reader)), *_buttons(found, words)]
    heard = " ".join([said, *(f"{_heard(value, reader)}." for value in found.values)])
    return {"text": trim(heard, HEARD_CHARS), "blocks": blocks}


def sentence(found: Breakdown, reader: Reader) -> str:
    """Which group is worst and which is best, and how many have no value, in mrkdwn."""
    shown = [value for value in found.values if value.value is not None]
    name = f"*{fitted(found.label, 80)} by {found.by}*{findings.whose(found.scope)}"
    ends = "; ".join(_ends(shown, reader)) or "no group has a value"
    return " ".join([f"{name} {reader.within(found.values[0].period)}: {ends}.", *_missing(found.values, reader)])


def _ends(shown: Sequence[KpiValue], reader: Reader) -> Iterator[str]:
    if not shown:
        return
    worst, best = shown[0], shown[-1]
    if len(shown) == 1:
        yield f"only {_bold(worst, reader)} has a value"
    elif worst.value == best.value:
        yield f"all {reader.number(len(shown))} are alike at *{amount(worst, reader)}*"
    else:
        yield f"worst {_bold(worst, reader)}, best {_bold(best, reader)}"


def _bold(value: KpiValue, reader: Reader) -> str:
    return f"*{_named(value)} {amount(value, reader)}*{findings.caution(value, reader)}"


def _named(value: KpiValue) -> str:
    return fitted(group_name(value), _NAME_CHARS)


def _missing(values: Sequence[KpiValue], reader: Reader) -> Iterator[str]:
    """How many are withheld, and how many have nothing to show."""
    of_all = f"of {reader.number(len(values))}"
    withheld = sum(value.status is Status.INSUFFICIENT for value in values)
    if withheld:
        are = "is" if withheld == 1 else "are"
        yield f"{reader.number(withheld)} {of_all} {are} withheld, so that small groups stay private."
    empty = sum(value.status is Status.UNDEFINED for value in values)
    if empty:
        yield f"{reader.number(empty)} {of_all} {'has' if empty == 1 else 'have'} no value."


def _row(value: KpiValue, reader: Reader) -> list[Cell]:
    shown, n, *others = figures(value, reader)
    worth: Cell = shown if value.value is None else Number(value.value, shown)
    return [group_name(value), worth, Number(value.n, n), *others, standing(value)]


def _notes(found: Breakdown, reader: Reader) -> Iterator[str]:
    """Whether the worst and the best are really apart, and of when all of it is."""
    shown = [value for value in found.values if value.value is not None]
    worst, best = (shown[0].interval, shown[-1].interval) if shown else (None, None)
    if worst and best and shown[0].value != shown[-1].value:
        apart = worst.high < best.low or best.high < worst.low
        alike = "do not overlap" if apart else "overlap: they may not really differ"
        yield f"The {reader.percent(100 * worst.level)} intervals of the worst and the best {alike}."
    first = found.values[0]
    days = reader.days(first.period.start, first.period.end - DAY)
    yield f"{days} · as of {reader.instant(first.as_of)}"


def _heard(value: KpiValue, reader: Reader) -> str:
    return f"{_named(value)}: {amount(value, reader)}, {findings.evidence(value, reader, ', ')}"


def _buttons(found: Breakdown, words: str) -> list[Block]:
    question = question_words(Question(found.key, found.values[0].period.key, found.scope))
    return beneath(words, explain(question), trend(question), by(question, _NEXT[found.by]))
