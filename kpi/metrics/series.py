"""Series of a question's wording: answers of different ones are not compared, and each figure is of one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from kpi.model import KpiValue

_CHANGED = "the question's wording changed"


def left_out(earlier: Sequence[int]) -> tuple[str, ...]:
    """That answers of earlier series do not count, `earlier` being the series of each; () without any."""
    if not earlier:
        return ()
    counted = "1 answer" if len(earlier) == 1 else f"{len(earlier):,} answers"
    return (f"{counted} to an earlier wording of the question (series {', '.join(map(str, sorted(set(earlier))))})",)


def reworded(now: int | None, before: int | None, than: str) -> tuple[str, ...]:
    """That a figure of the series `now` is not compared with one of another, that of the period `than`."""
    if not apart((now, before)):
        return ()
    return (f"{_CHANGED} (series {before} → {now}): not compared with {than}",)


def apart(series: Iterable[int | None]) -> bool:
    """Whether there are several; None, of no answers at all, is none."""
    return len({each for each in series if each is not None}) > 1


def newest(values: Iterable[KpiValue]) -> int | None:
    """The latest series among values; None where they are of no question."""
    return max((value.series for value in values if value.series is not None), default=None)


def marked(values: Sequence[KpiValue]) -> tuple[KpiValue, ...]:
    """Values in a row, oldest first, of which each that begins another series says so."""
    found: list[KpiValue] = []
    last: KpiValue | None = None
    for value in values:
        told = () if last is None or _tells(value.exclusions) else reworded(value.series, last.series, last.period.key)
        found.append(replace(value, exclusions=(*value.exclusions, *told)) if told else value)
        last = last if value.series is None else value
    return tuple(found)


def _tells(exclusions: Collection[str]) -> bool:
    return any(each.startswith(_CHANGED) for each in exclusions)
