"""A KPI's value in sentences: what it came to, how it moved, and how far to trust it. Names are escaped."""

from collections.abc import Iterator

from bot.blocks import units
from bot.blocks.details import told
from bot.blocks.parts import fitted
from bot.blocks.reader import DAY, Reader
from kpi.model import CLIENTS, Change, Interval, KpiValue, Previous, Scope, Status

DEPRECATED = "This KPI is deprecated: it is answered when asked for, and shown nowhere else."
NOTHING = "There is nothing to compute it from."
TRUST = {
    Status.FULL: "enough data",
    Status.INDICATIVE: "indicative, too little data to be sure",
    Status.INSUFFICIENT: "withheld",
    Status.UNDEFINED: "no value",
}
_STANDING = {
    Status.FULL: "enough data",
    Status.INDICATIVE: "too little data to be sure",
    Status.INSUFFICIENT: "withheld",
}
"""The same under a sentence that has said `indicative` or `no value`."""


def headline(value: KpiValue, reader: Reader) -> str:
    """One sentence with the value, its n where that is little, and the verdict on its change, in mrkdwn."""
    name, when = fitted(value.label, 80), f"{whose(value.scope)} {reader.within(value.period)}"
    if value.value is None:
        return f"*{name}: no value*{when}. {reason(value)}"
    amount = reader.amount(value.value, value.unit)
    return f"*{name} {amount}*{when}{caution(value, reader)}{moved(value, reader)}."


def caution(value: KpiValue, reader: Reader) -> str:
    """What stands behind a value that is only indicative: ` (indicative: n = 12)`."""
    return f" (indicative: n = {reader.number(value.n)})" if value.status is Status.INDICATIVE else ""


def heard(value: KpiValue, reader: Reader) -> str:
    """The sentence with its evidence, for notifications and for those who have a card read to them."""
    lines = (evidence(value, reader, ", "), target(value, reader), comparison(value, reader))
    known = f"As of {reader.instant(value.as_of)}"
    return " ".join([headline(value, reader), *(f"{line}." for line in (*lines, known) if line)])


def absence(value: KpiValue, reader: Reader) -> str:
    """That a period has no value, on how little it would rest, and why: a sentence beside another period's value."""
    return f"No value {reader.within(value.period)}, {counted(value, reader)}. {reason(value)}"


def brief(value: KpiValue, reader: Reader) -> str:
    """A value in one line of small print: its period with the days, what it came to, how it moved, its n."""
    when, days = reader.spoken(value.period.key), reader.days(value.period.start, value.period.end - DAY)
    said, n = f"{when[0].upper()}{when[1:]} ({days})", counted(value, reader)
    if value.value is None:
        return f"{said}: {TRUST[value.status]} · {n}"
    amount = reader.amount(value.value, value.unit)
    return f"{said}: {amount}{moved(value, reader)} · {n} · {TRUST[value.status]}"


def moved(value: KpiValue, reader: Reader) -> str:
    """The change as the end of a sentence: `, up 3 points on Q2 2026, within noise`."""
    if value.previous is None:
        return ""
    earlier = reader.before(value.period, value.previous.period)
    if value.change is None:
        known = value.previous.value is not None
        return f"; not comparable with {earlier}" if known else f"; nothing to compare with in {earlier}"
    delta = value.change.delta
    if not round(delta, 1):
        return f", unchanged on {earlier}"
    direction = "up" if delta > 0 else "down"
    return f", {direction} {units.moved(reader, abs(delta), value.unit)} on {earlier}, {noise(value.change)}"


def evidence(value: KpiValue, reader: Reader, between: str = " · ") -> str:
    """n, accounts, interval and how far to trust it: the small print under a value."""
    return between.join(_evidence(value, reader))


def _evidence(value: KpiValue, reader: Reader) -> Iterator[str]:
    yield counted(value, reader)
    if value.interval is not None:
        yield interval(value.interval, value.unit, reader)
    if value.status in _STANDING:
        yield _STANDING[value.status]


def interval(found: Interval, unit: str, reader: Reader) -> str:
    """An interval with its level: `95% interval 72.6% to 91.5%`."""
    return f"{reader.percent(100 * found.level)} interval {reader.span(found.low, found.high, unit)}"


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
    if value.previous is None or (value.value is None and not value.previous.n):
        return None
    was = f"Before ({reader.before(value.period, value.previous.period)}): {before(value, value.previous, reader)}"
    return was if value.previous.value is None else f"{was}; {certainty(value, reader)}"


def before(value: KpiValue, previous: Previous, reader: Reader) -> str:
    """What the earlier period came to, and its n."""
    n = f"n = {reader.number(previous.n)}"
    if previous.value is not None:
        return f"{reader.amount(previous.value, value.unit)}, {n}"
    return f"{n}, but nothing to compare with it" if value.value is None and previous.n else f"no value, {n}"


def certainty(value: KpiValue, reader: Reader) -> str:
    """Where the change lies."""
    if value.change is None:
        return "the two cannot be compared"
    between = units.move_between(reader, value.change.low, value.change.high, value.unit)
    if between is None:
        return "how large the change really is cannot be told"
    return f"the change {'is' if between.startswith('at ') else 'lies'} {between}"


def target(value: KpiValue, reader: Reader) -> str | None:
    """The target and whether it is met, None without one."""
    if value.target is None:
        return None
    unsure = "no value to compare" if value.value is None else f"cannot tell yet at n = {reader.number(value.n)}"
    verdict = {True: "met", False: "missed", None: unsure}[value.target.met]
    return f"Target {reader.amount(value.target.value, value.unit)}: {verdict}"


def details(value: KpiValue, reader: Reader) -> str | None:
    """The KPI's own details, None without any."""
    return " · ".join(f"{name}: {said}" for name, said in told(value, reader)) or None


def reason(value: KpiValue) -> str:
    """Why there is no value, escaped."""
    return fitted(value.reason or NOTHING, 300)


def whose(scope: Scope) -> str:
    """Whom a sentence is about, escaped: ` for segment Enterprise`, ` without owner`; "" for the whole workspace."""
    if scope.name is None:
        return "" if scope.kind == Scope().kind else f" without {scope.kind}"
    kind = "" if scope.kind == "account" else f"{scope.kind} "
    return f" for {kind}{fitted(scope.name, 120)}"


def noise(change: Change) -> str:
    """Whether a change is more than chance."""
    return "more than noise" if change.beyond_noise else "within noise"
