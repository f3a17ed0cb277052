"""Why a KPI is what it is: how it is computed, who stands behind it, and how new that is."""

from collections.abc import Iterable, Iterator

from bot.blocks import findings, reasons
from bot.blocks.buttons import beneath, broken_down, trend
from bot.blocks.kpi_card import Card
from bot.blocks.parts import Block, context, escape, fitted, section
from bot.blocks.reader import Reader
from bot.blocks.room import filled, table_within
from bot.blocks.share_card import sending
from kpi.services.explained import Explanation, Shown
from kpi.services.phrases.wording import value_words

_LIST_CHARS = 4000
_NAMES_CHARS = 900
_LINES = 6


def explain_card(found: Explanation, reader: Reader, words: str) -> Card:
    """The value, its formula, the accounts behind it, and how to read it; lists that do not fit are left out.

    `words` ask the same again.
    """
    value, question = found.value, value_words(found.value)
    formula = f"`{escape(value.key)}` = {fitted(value.formula, 500)} (definition {value.definition_version})"
    head = [section(findings.headline(value, reader)), _evidence(found, reader), section(formula)]
    how = [section("\n".join(lines)) for lines in _some(_meaning(found, reader))]
    buttons = beneath(words, trend(question), *broken_down(question, value.scope))
    lists = ([_listed(shown, reader)] for shown in found.lists)
    blocks = filled(head, lists, spare=[*how, *buttons, *sending(words)])
    return {"text": f"{findings.heard(value, reader)} {formula}.", "blocks": [*blocks, *how, *buttons]}


def _evidence(found: Explanation, reader: Reader) -> Block:
    value = found.value
    lines = (findings.evidence(value, reader), findings.target(value, reader), findings.details(value, reader))
    excluded = f"Not counted: {fitted('; '.join(value.exclusions), 300)}" if value.exclusions else None
    return context(*(line for line in (*lines, excluded) if line))


def _meaning(found: Explanation, reader: Reader) -> Iterator[str]:
    for label, said in reasons.meaning(found, reader):
        yield f"*{fitted(label, 60)}:* {fitted(said, 250)}"


def _some(lines: Iterable[str]) -> Iterator[list[str]]:
    """As many lines as fit into one section, again and again."""
    rest = list(lines)
    while rest:
        yield rest[:_LINES]
        rest = rest[_LINES:]


def _listed(shown: Shown, reader: Reader) -> Block:
    """One list: a table where its accounts have figures, else their names."""
    title, more = reasons.heading(shown, reader), reasons.more(shown, reader)
    rows = list(reasons.lines(shown, reader))
    if shown.columns and rows:
        return table_within(_LIST_CHARS, f"{title} ({more})" if more else title, reasons.columns(shown), rows)
    names = fitted(", ".join(name for name, *_ in rows) or "none", _NAMES_CHARS)
    return section(f"*{fitted(title, 80)}*\n{names} {more}".rstrip())
