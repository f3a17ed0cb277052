"""A KPI's value in sentences: what it came to, how it moved, and how far to trust it. Names are escaped."""

from collections.abc import Mapping

from bot.blocks.parts import fitted
from bot.blocks.reader import DAY, Reader
from kpi.model import CLIENTS, Change, KpiValue, Status

_NAMES_SHOWN = 5
_CHANGE_UNITS = {"percent": "point", "points": "point", "hours": "hour"}
_TRUST = {
    Status.FULL: "enough data",
    Status.INDICATIVE: "indicative, too little data to be sure",
    Status.INSUFFICIENT: "withheld",
    Status.UNDEFINED: "no value",
}
_DETAILS: Mapping[str, str] = {
    "promoters": "Promoters",
    "passives": "Passives",
    "detractors": "Detractors",
    "account_weighted": "Each account counting once",
    "lost": "Lost",
    "early_losses": "Lost before they counted",
    "reactivated": "Won back",
}


def headline(value: KpiValue, reader: Reader) -> str:
    """One sentence with the value and the verdict on its change, in mrkdwn."""
    name, when = fitted(value.label, 80), f"{_whose(value)} {reader.within(value.period)}"
    if value.value is None:
        return f"*{name}: no value*{when}. {_reason(value)}"
    return f"*{name} {reader.amount(value.value, value.unit)}*{when}{moved(value, reader)}."


def absence(value: KpiValue, reader: Reader) -> str:
    """That a period has no value, on how little it would rest, and why: a sentence beside another period's value."""
    return f"No value {reader.within(value.period)}, {counted(value, reader)}. {_reason(value)}"


def brief(value: KpiValue, reader: Reader) -> str:
    """A value in one line of small print: its period with the days, what it came to, how it moved, its n."""
    when, days = reader.spoken(value.period.key), reader.days(value.period.start, value.period.end - DAY)
    said, n = f"{when[0].upper()}{when[1:]} ({days})", counted(value, reader)
    if value.value is None:
        return f"{said}: {_TRUST[value.status]} · {n}"
    amount = reader.amount(value.value, value.unit)
    return f"{said}: {amount}{moved(value, reader)} · {n} · {_TRUST[value.status]}"


def moved(value: KpiValue, reader: Reader) -> str:
    """The change as the end of a sentence: `, up 3 points on Q2 2026, within noise`."""
    if value.previous is None:
        return ""
    earlier = reader.before(value.period, value.previous.period)
    if value.change is None:
        return f"; nothing to compare with in {earlier}"
    size = abs(round(value.change.delta, 1))
    if not size:
        return f", unchanged on {earlier}"
    direction = "up" if value.change.delta > 0 else "down"
    return f", {direction} {_size(size, value.unit, reader)} on {earlier}, {_noise(value.change)}"


def evidence(value: KpiValue, reader: Reader) -> str:
    """n, accounts, interval and how far to trust it: the small print under a value."""
    parts = [counted(value, reader)]
    if value.interval is not None:
        low, high = (reader.amount(bound, value.unit) for bound in (value.interval.low, value.interval.high))
        parts.append(f"{reader.percent(100 * value.interval.level)} interval {low} to {high}")
    return " · ".join([*parts, _TRUST[value.status]])


def support(value: KpiValue, reader: Reader) -> str:
    """Everything that stands under a value, in one line: evidence, comparison and target."""
    lines = (evidence(value, reader), comparison(value, reader), target(value, reader))
    return " · ".join(line for line in lines if line)


def counted(value: KpiValue, reader: Reader) -> str:
    """What n counts: `n = 42 answers from 17 accounts`."""
    noun = value.counts[value.n != 1]
    n = f"n = {reader.number(value.n)} {noun}"
    if not value.n or noun.startswith(CLIENTS[0]):
        return n
    return f"{n} from {reader.number(value.accounts)} account{'' if value.accounts == 1 else 's'}"


def comparison(value: KpiValue, reader: Reader) -> str | None:
    """The earlier value and the change's interval, None where there is nothing to say."""
    previous, change = value.previous, value.change
    if previous is None:
        return None
    earlier = reader.before(value.period, previous.period)
    if previous.value is None:
        return f"Before ({earlier}): no value, n = {reader.number(previous.n)}"
    was = f"Before ({earlier}): {reader.amount(previous.value, value.unit)}, n = {reader.number(previous.n)}"
    if change is None or change.low is None or change.high is None:
        return was
    noun = _CHANGE_UNITS.get(value.unit, "")
    return (
        f"{was}; the change lies between {reader.number(change.low)} and {reader.number(change.high)} {noun}s".rstrip()
    )


def target(value: KpiValue, reader: Reader) -> str | None:
    """The target and whether it is met, None without one."""
    if value.target is None:
        return None
    verdict = {True: "met", False: "missed", None: "cannot be judged"}[value.target.met]
    return f"Target {reader.amount(value.target.value, value.unit)}: {verdict}"


def details(value: KpiValue, reader: Reader) -> str | None:
    """The KPI's own details that have a name among people, None without any."""
    shown = [
        f"{name}: {_detail(value.details[key], reader)}" for key, name in _DETAILS.items() if value.details.get(key)
    ]
    return " · ".join(shown) or None


def _detail(found: object, reader: Reader) -> str:
    if isinstance(found, list | tuple):
        names = [fitted(str(name), 60) for name in found[:_NAMES_SHOWN]]
        more = len(found) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")
    return reader.number(found) if isinstance(found, int | float) else fitted(str(found), 60)


def _reason(value: KpiValue) -> str:
    return fitted(value.reason or "There is nothing to compute it from.", 300)


def _whose(value: KpiValue) -> str:
    if value.scope.name is None:
        return ""
    kind = "" if value.scope.kind == "account" else f"{value.scope.kind} "
    return f" for {kind}{fitted(value.scope.name, 120)}"


def _size(size: float, unit: str, reader: Reader) -> str:
    noun = _CHANGE_UNITS.get(unit, "")
    return f"{reader.number(size)} {noun}{'' if size == 1 or not noun else 's'}".rstrip()


def _noise(change: Change) -> str:
    return "more than noise" if change.beyond_noise else "within noise"
