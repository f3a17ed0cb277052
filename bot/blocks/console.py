"""A KPI's value for a terminal."""

from collections.abc import Iterable

from rich.console import Group
from rich.table import Table
from rich.text import Text

from bot.blocks import findings
from bot.blocks.reader import DAY, Reader
from kpi.model import KpiValue
from kpi.policy import KpiDefinition

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def value_view(value: KpiValue, reader: Reader) -> Group:
    """The same sentences as in Slack, one under the other, the verdict in bold."""
    period = f"{reader.days(value.period.start, value.period.end - DAY)} · as of {reader.instant(value.as_of)}"
    formula = f"{value.key} = {value.formula} (definition {value.definition_version})"
    lines = (
        findings.evidence(value, reader),
        findings.comparison(value, reader),
        findings.target(value, reader),
        findings.details(value, reader),
        *(f"Not counted: {words}" for words in value.exclusions),
        period,
        formula,
    )
    verdict = Text(_terminal(findings.headline(value, reader)), style="bold")
    return Group(verdict, *(Text(_terminal(line), style="dim") for line in lines if line))


def list_view(definitions: Iterable[KpiDefinition]) -> Table:
    """The KPIs that can be asked for."""
    table = Table("KPI", "Name", "Question", "Unit", box=None, header_style="bold")
    for definition in definitions:
        table.add_row(
            *(Text(cell) for cell in (definition.key, definition.label, definition.question, definition.unit))
        )
    return table


def _terminal(words: str) -> str:
    """Slack's mrkdwn as plain words."""
    for entity, letter in _ENTITIES:
        words = words.replace(entity, letter)
    return words.replace("*", "")
