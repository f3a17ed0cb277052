"""What a KPI's course says, in one sentence."""

from collections.abc import Sequence

from bot.blocks.reader import Reader
from kpi.metrics.course import Course, Range
from kpi.metrics.series import apart, newest
from kpi.model import KpiValue

_NAMED = 3


def signals_sentence(course: Course, values: Sequence[KpiValue], reader: Reader) -> str:
    """Whether the values move within their usual range, and which do not; the latest few of them.

    Where the question was worded anew in between, since when that range holds.
    """
    return f"{_signals(course, values, reader)}{_since(values, reader)}"


def _signals(course: Course, values: Sequence[KpiValue], reader: Reader) -> str:
    if course.chart is None:
        return f"Too few periods with a value to tell what is usual: {course.points}, at least 6 are needed."
    trial = "" if course.standing == "firm" else f" On trial: {course.points} periods; firm from 12 on."
    said = [*_outside(course, values, reader), *_run(course, values, reader)]
    if not said:
        return f"Within the usual range {_span(course.ranges[-1], values[0].unit, reader)}.{trial}"
    return f"Signal: {'; '.join(said)}.{trial}"


def _since(values: Sequence[KpiValue], reader: Reader) -> str:
    if not apart(value.series for value in values):
        return ""
    first = next(value for value in values if value.series == newest(values))
    return f" The question's wording changed: values before {reader.spoken(first.period.key)} are not compared."


def _outside(course: Course, values: Sequence[KpiValue], reader: Reader) -> list[str]:
    ranges = {limits.period: limits for limits in course.ranges}
    beyond = [value for value in values if value.period.key in course.outside]
    told = [_beyond(value, ranges[value.period.key], reader) for value in beyond[-_NAMED:]]
    more = len(beyond) - len(told)
    return [f"{more} earlier period{'' if more == 1 else 's'} outside the usual range", *told] if more else told


def _beyond(value: KpiValue, limits: Range, reader: Reader) -> str:
    found = value.value or 0.0
    side = "above" if found > limits.high else "below"
    amount = reader.amount(found, value.unit)
    return f"{amount} {reader.within(value.period)} is {side} the usual range {_span(limits, value.unit, reader)}"


def _run(course: Course, values: Sequence[KpiValue], reader: Reader) -> list[str]:
    runs = [value for value in values if value.period.key in course.runs]
    if not runs or course.centre is None:
        return []
    last = runs[-1]
    side = "above" if last.value is not None and last.value > course.centre else "below"
    centre = reader.amount(course.centre, last.unit)
    return [f"eight or more in a row {side} the mean {centre}, up to {reader.spoken(last.period.key)}"]


def _span(limits: Range, unit: str, reader: Reader) -> str:
    return reader.span(limits.low, limits.high, unit)
