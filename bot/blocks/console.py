"""A KPI's value for a terminal, and several of them."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from rich.console import Group
from rich.table import Table
from rich.text import Text

from bot.blocks import findings, rows, tables
from bot.blocks.details import told
from bot.blocks.reader import DAY, Reader
from kpi.metrics import methods
from kpi.model import KpiValue, Scope, Status
from kpi.policy import KpiDefinition
from kpi.records.reading import visible

_STANDING = {
    Status.FULL: "Enough data to rely on.",
    Status.INDICATIVE: "Indicative: too little data to be sure.",
    Status.INSUFFICIENT: "Withheld.",
    Status.UNDEFINED: "No value.",
}


def value_view(value: KpiValue, reader: Reader, note: str | None = None) -> Group:
    """The verdict in bold, then all the evidence; `note` says when a published value was revised."""
    revised = [("Published", visible(note))] if note else []
    table = tables.pairs([*_evidence(value, reader), *_background(value, reader), *revised])
    return Group(Text(plain(findings.headline(value, reader)), style="bold"), table)


def values_view(values: Iterable[KpiValue], reader: Reader) -> Table:
    """Several KPIs, a line each."""
    table = tables.lines("KPI", *rows.COLUMNS[:-1], "Target", "Status")
    for value in values:
        aim = findings.target(value, reader) or ""
        named = f"{visible(value.label)}{whose(value.scope) and f', {whose(value.scope)}'}"
        name = Text.assemble(named, "\n", (rows.when(value, reader), "dim"))
        table.add_row(name, *cells(value, reader), Text(aim.removeprefix("Target ")), Text(standing(value)))
    return table


def list_view(definitions: Iterable[KpiDefinition]) -> Table:
    """The KPIs that can be asked for."""
    table = tables.lines("KPI", "Name", "Question", "Unit")
    table.columns[0].no_wrap = True  # it is to be typed
    for definition in definitions:
        table.add_row(
            *(Text(cell) for cell in (definition.key, definition.label, definition.question, definition.unit))
        )
    return table


def whose(scope: Scope) -> str:
    """What a scope is called; "" for the whole workspace."""
    return visible(rows.called(scope))


def cells(value: KpiValue, reader: Reader) -> tuple[Text, ...]:
    """Value, n, interval and change, for a line of a table."""
    return tuple(map(Text, rows.figures(value, reader)))


def standing(value: KpiValue) -> str:
    """How far to trust a value, or why there is none, for a cell."""
    return visible(rows.standing(value))


def plain(words: str) -> str:
    """Slack's mrkdwn as plain words that do nothing to a terminal: what a sentence begins with is not bold."""
    return visible(unescape(re.sub(r"^\*(.+?)\*", r"\1", words)))


def _evidence(value: KpiValue, reader: Reader) -> Iterator[tuple[str, str]]:
    """What the value is and rests on."""
    if value.value is not None:
        yield "Value", reader.amount(value.value, value.unit)
    yield "n", f"{reader.number(value.n)} {value.counts[value.n != 1]}"
    yield "Accounts", reader.number(value.accounts)
    interval = value.interval
    if interval is not None:
        span = reader.span(interval.low, interval.high, value.unit)
        yield f"{reader.percent(100 * interval.level)} interval", f"{span} ({methods.spoken(interval.method)})"
    if value.previous is not None:
        earlier = reader.before(value.period, value.previous.period)
        yield "Before", f"{findings.before(value, value.previous, reader)} ({earlier})"
        if value.previous.value is not None:
            change, sure = rows.change(value, reader), findings.certainty(value, reader)
            yield "Change", f"{change}; {sure}" if change else sure
    aim = findings.target(value, reader)
    if aim:
        yield "Target", aim.removeprefix("Target ")
    yield "Status", _STANDING[value.status]
    if value.deprecated:
        yield "Deprecated", findings.DEPRECATED


def _background(value: KpiValue, reader: Reader) -> Iterator[tuple[str, str]]:
    """Its own details, what was left out, and what its words mean."""
    for name, said in told(value, reader):
        yield name, plain(said)
    for words in value.exclusions:
        yield "Not counted", visible(words)
    days = reader.days(value.period.start, value.period.end - DAY)
    yield "Period", days if rows.is_whole(value) else f"{days}, not over yet"
    yield "As of", reader.instant(value.as_of)
    yield "Definition", visible(f"{value.formula} (definition {value.definition_version})")
