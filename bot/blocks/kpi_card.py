"""The answer to `/kpi csat`: a value at one glance, what it rests on, and the next questions as buttons."""

from typing import Any

from bot.blocks import findings
from bot.blocks.buttons import beneath, broken_down, explain, trend
from bot.blocks.parts import Block, context, escape, fitted, section
from bot.blocks.reader import DAY, Reader
from kpi.metrics import methods
from kpi.model import KpiValue

Card = dict[str, Any]
"""`text` (read aloud and shown in notifications) and `blocks`."""


def kpi_card(value: KpiValue, reader: Reader, words: str) -> Card:
    """The verdict in a sentence first, then what it rests on, then how it was computed.

    `words` ask the same again; with "" there are no buttons.
    """
    further = () if value.value is None else broken_down(words, value.scope)
    buttons = beneath(words, explain(words), trend(words), *further)
    blocks = [section(findings.headline(value, reader)), *small_print(value, reader), *buttons]
    return {"text": findings.heard(value, reader), "blocks": blocks}


def small_print(value: KpiValue, reader: Reader) -> list[Block]:
    """What a value rests on, and how it was computed."""
    known = (findings.target(value, reader), findings.comparison(value, reader), findings.details(value, reader))
    more = (*known, findings.DEPRECATED if value.deprecated else None)
    evidence = context(findings.evidence(value, reader), *(line for line in more if line))
    return [evidence, context(*_source(value, reader))]


def _source(value: KpiValue, reader: Reader) -> list[str]:
    days = reader.days(value.period.start, value.period.end - DAY)
    interval = f"; {methods.spoken(value.interval.method)}" if value.interval else ""
    lines = [
        f"{days} · as of {reader.instant(value.as_of)}",
        f"`{escape(value.key)}` = {fitted(value.formula, 500)}{interval} (definition {value.definition_version})",
    ]
    return [*lines, f"Not counted: {fitted('; '.join(value.exclusions), 300)}"] if value.exclusions else lines
