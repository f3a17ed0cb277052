"""The answers to `/kpi`: a value, the list of KPIs, and help."""

from collections.abc import Iterable
from typing import Any

from bot.blocks import findings
from bot.blocks.parts import context, escape, fitted, header, section
from bot.blocks.reader import DAY, Reader
from kpi.model import KpiValue
from kpi.policy import KpiDefinition

Card = dict[str, Any]
"""`text` (read aloud and shown in notifications) and `blocks`."""

_HELP = (
    ("`/kpi csat`", "a KPI over its usual period"),
    ("`/kpi nps 2026-Q3`", "with a period: `2026-09`, `2026-W40`, `last quarter`, `this month`, `last 90 days`"),
    ("`/kpi churn Acme last quarter`", "with an account; a name that could be a period stands in quotes"),
    ("`/kpi csat owner Anna`", "an owner's or a segment's accounts"),
    ("`/kpi list`", "every KPI there is"),
    ("`/kpi log`", "log an interaction with a client"),
    ("`/kpi account`", "set up or change the account of this channel, or `/kpi account Acme` any other"),
)


def kpi_card(value: KpiValue, reader: Reader) -> Card:
    """The verdict in a sentence first, then what it rests on, then how it was computed."""
    said, evidence = findings.headline(value, reader), findings.evidence(value, reader)
    deprecated = findings.DEPRECATED if value.deprecated else None
    known = (findings.comparison(value, reader), findings.target(value, reader), findings.details(value, reader))
    more = (*known, deprecated)
    blocks = [section(said), context(evidence, *(line for line in more if line)), context(*_source(value, reader))]
    return {"text": f"{said} {evidence}.", "blocks": blocks}


def list_card(definitions: Iterable[KpiDefinition]) -> Card:
    """Every KPI with its question and its other names."""
    known = list(definitions)
    blocks = [section(_entry(definition)) for definition in known]
    keys = ", ".join(escape(definition.key) for definition in known)
    return {"text": f"KPIs: {keys}", "blocks": [header("KPIs you can ask for"), *blocks]}


def help_card() -> Card:
    """What can be typed."""
    lines = [f"{typed} – {meaning}" for typed, meaning in _HELP]
    small = "Only you see the answers. In a channel shared with another organisation they come as a direct message."
    words = "\n".join(lines)
    return {"text": f"What you can ask:\n{words}", "blocks": [section(f"*What you can ask*\n{words}"), context(small)]}


def _entry(definition: KpiDefinition) -> str:
    names = ", ".join(definition.synonyms)
    also = f"\nAlso: {fitted(names, 150)}" if names else ""
    label, question = fitted(definition.label, 80), fitted(definition.question, 200)
    return f"`{escape(definition.key)}` *{label}* – {question}{also}"


def _source(value: KpiValue, reader: Reader) -> list[str]:
    days = reader.days(value.period.start, value.period.end - DAY)
    lines = [
        f"{days} · as of {reader.instant(value.as_of)}",
        f"`{escape(value.key)}` = {fitted(value.formula, 500)} (definition {value.definition_version})",
    ]
    return [*lines, f"Not counted: {fitted('; '.join(value.exclusions), 300)}"] if value.exclusions else lines
