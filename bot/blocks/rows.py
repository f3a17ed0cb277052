"""A KPI's value as cells of a table, in plain words: for a card's table and for a terminal's."""

from bot.blocks import findings, units
from bot.blocks.parts import trim
from bot.blocks.reader import Reader
from kpi.model import KpiValue, Scope, Status

_SHORT = {Status.FULL: "enough data", Status.INDICATIVE: "indicative"}


COLUMNS = ("Value", "n", "95% interval", "Change", "Status")
"""What the figures of a value and its standing stand below."""


def called(scope: Scope) -> str:
    """What a scope is called: Acme, segment Enterprise, without owner; "" for the whole workspace."""
    if scope.name is None:
        return "" if scope.kind == Scope().kind else f"without {scope.kind}"
    return scope.name if scope.kind == "account" else f"{scope.kind} {scope.name}"


def group_name(value: KpiValue) -> str:
    """What one group of a breakdown is called, beside others of its kind."""
    return called(value.scope) if value.scope.name is None else value.scope.name


def amount(value: KpiValue, reader: Reader) -> str:
    """What it came to."""
    return "no value" if value.value is None else reader.amount(value.value, value.unit)


def span(value: KpiValue, reader: Reader) -> str:
    """Its interval, "" without one."""
    return "" if value.interval is None else reader.span(value.interval.low, value.interval.high, value.unit)


def change(value: KpiValue, reader: Reader) -> str:
    """+3 points, within noise; "" where nothing can be compared."""
    if value.change is None:
        return ""
    delta = round(value.change.delta, 1)
    moved = units.moved(reader, value.change.delta, value.unit) if delta else "unchanged"
    return f"{'+' if delta > 0 else ''}{moved}, {findings.noise(value.change)}"


def figures(value: KpiValue, reader: Reader) -> tuple[str, str, str, str]:
    """Value, n, interval and change."""
    return amount(value, reader), reader.number(value.n), span(value, reader), change(value, reader)


def standing(value: KpiValue) -> str:
    """How far to trust a value, or why there is none."""
    return _SHORT.get(value.status) or trim(value.reason or findings.NOTHING, 300)


def when(value: KpiValue, reader: Reader) -> str:
    """The period: last 90 days, October 2026, November 2026 to date."""
    said = reader.spoken(value.period.key).removeprefix("the ")
    return said if is_whole(value) else f"{said} to date"


def is_whole(value: KpiValue) -> bool:
    """A rolling period has its full length on every day."""
    return value.period.complete or value.period.key.startswith("last ")
