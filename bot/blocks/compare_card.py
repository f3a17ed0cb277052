"""A KPI in two periods side by side, and whether the difference is more than noise."""

from collections.abc import Iterator

from bot.blocks import findings
from bot.blocks.buttons import beneath, broken_down, explain, trend
from bot.blocks.grid import strip
from bot.blocks.kpi_card import Card
from bot.blocks.parts import context, section
from bot.blocks.reader import DAY, Reader
from bot.blocks.rows import amount, change, when
from kpi.model import KpiValue
from kpi.services.comparisons import Comparison
from kpi.services.phrases.wording import value_words


def compare_card(found: Comparison, reader: Reader, words: str) -> Card:
    """The later value with the verdict in a sentence, both side by side, then what each rests on.

    `words` ask the same again.
    """
    earlier, later = found.earlier, found.later
    said, question = findings.headline(later, reader), value_words(later)
    sides = [(when(value, reader), amount(value, reader)) for value in (earlier, later)]
    moved = change(later, reader) or "cannot be told"
    notes = list(_notes(found, reader))
    buttons = beneath(words, explain(question), trend(question), *broken_down(question, later.scope))
    blocks = [section(said), strip("Side by side", [*sides, ("Change", moved)]), context(*notes), *buttons]
    return {"text": " ".join([said, *(f"{note.rstrip('.')}." for note in notes)]), "blocks": blocks}


def _notes(found: Comparison, reader: Reader) -> Iterator[str]:
    earlier, later = found.earlier, found.later
    why = f" · {findings.reason(earlier)}" if earlier.value is None else ""
    yield f"{_side(earlier, reader)}{why}"
    yield _side(later, reader)
    if later.change is not None:
        sure = findings.certainty(later, reader)
        yield f"{sure[0].upper()}{sure[1:]}"
    if found.is_uneven:
        yield f"The periods have different lengths: {_length(earlier, reader)} and {_length(later, reader)}"
    aim = findings.target(later, reader)
    if aim:
        yield aim
    yield f"As of {reader.instant(later.as_of)}"


def _side(value: KpiValue, reader: Reader) -> str:
    days = reader.days(value.period.start, value.period.end - DAY)
    return f"{when(value, reader)} ({days}): {amount(value, reader)} · {findings.evidence(value, reader)}"


def _length(value: KpiValue, reader: Reader) -> str:
    return f"{reader.number((value.period.end - value.period.start).days)} days"
