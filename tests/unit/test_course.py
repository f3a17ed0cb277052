"""What a KPI's course says, and in which words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.blocks.signals import signals_sentence
from bot.blocks.trend_view import bars
from kpi.metrics.catalog import CATALOG
from kpi.metrics.course import course
from kpi.model import KpiValue, PeriodRef
from kpi.periods import shift
from tests.cards import EN
from tests.samples import CSAT

KPIS = {kpi.key: kpi for kpi in CATALOG}
STEADY = [84.0, 86.0, 85.0, 83.0, 86.0, 84.0, 85.0, 84.0, 86.0, 85.0, 84.0, 85.0]


def months(found: Sequence[float | None], n: int = 100, key: str = "csat", unit: str = "percent") -> list[KpiValue]:
    """A value a month from January 2025 on."""
    starts = [shift(date(2025, 1, 1), "month", number) for number in range(len(found) + 1)]
    return [
        replace(
            CSAT, key=key, unit=unit, value=value, n=n, denominator=n,
            numerator=None if value is None else value * n / 100,
            period=PeriodRef(f"{start:%Y-%m}", start, end, complete=True),
        )
        for value, start, end in zip(found, starts, starts[1:], strict=False)
    ]  # fmt: skip


def test_under_six_points_there_is_no_chart() -> None:
    found = course(KPIS["csat"], months(STEADY[:5]))
    assert (found.standing, found.chart, found.ranges, found.centre) == ("no chart", None, (), None)


@pytest.mark.parametrize(("count", "standing"), [(6, "trial"), (11, "trial"), (12, "firm")])
def test_from_six_on_the_chart_is_on_trial_and_from_twelve_on_firm(count: int, standing: str) -> None:
    found = course(KPIS["csat"], months(STEADY[:count]))
    assert (found.standing, found.points, found.outside, found.runs) == (standing, count, (), ())


def test_a_share_is_held_against_limits_of_its_own_n() -> None:
    values = [*months(STEADY[:11], n=400), *months(STEADY, n=10)[11:]]
    few = course(KPIS["csat"], values)
    assert few.chart == "p"
    widths = [limits.high - limits.low for limits in few.ranges]
    assert widths[-1] > 4 * widths[0]
    assert few.ranges[-1].high == 100


def test_anything_else_is_held_against_its_moving_range_within_what_it_can_be() -> None:
    hours = [0.2, 0.9, 0.1, 0.8, 0.2, 0.9, 0.1, 0.8, 0.2, 0.9, 0.1, 0.8]
    found = course(KPIS["response_time"], months(hours, key="response_time", unit="hours"))
    assert found.chart == "xmr"
    assert {limits.low for limits in found.ranges} == {0.0}
    assert found.ranges[0].high == pytest.approx(0.5 + 2.66 * 7.8 / 11)


def test_a_value_beyond_its_limits_and_a_run_of_eight_are_signals() -> None:
    fallen = course(KPIS["csat"], months([*STEADY[:11], 40.0]))
    assert fallen.outside == ("2025-12",)
    risen = course(KPIS["csat"], months([80.0] * 6 + [90.0] * 8))
    assert risen.runs == ("2026-02",)


def test_periods_without_a_value_and_open_ones_have_no_point() -> None:
    values = months([*STEADY[:6], None, 0.0])
    values[-1] = replace(values[-1], period=replace(values[-1].period, complete=False))
    found = course(KPIS["csat"], values)
    assert (found.points, found.outside) == (6, ())


def test_a_rolling_period_counts_though_it_ends_with_today() -> None:
    values = months(STEADY[:6])
    last = replace(values[-1].period, key="last 90 days", complete=False)
    assert course(KPIS["csat"], [*values[:-1], replace(values[-1], period=last)]).points == 6


def test_as_a_document_a_course_has_its_names_and_plain_values() -> None:
    document = course(KPIS["csat"], months([*STEADY[:11], 40.0])).document()
    assert list(document) == ["standing", "points", "chart", "centre", "limits", "outside", "runs"]
    assert document["limits"][0].keys() == {"period", "low", "high"}
    assert document["outside"] == ["2025-12"]


def sentence(found: Sequence[float | None], **more: object) -> str:
    values = months(found, **more)  # type: ignore[arg-type]  # words for months
    return signals_sentence(course(KPIS[values[0].key], values), values, EN)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (STEADY[:4], "Too few periods with a value to tell what is usual: 4, at least 6 are needed."),
        (STEADY, "Within the usual range 74% to 95.5%."),
        (STEADY[:7], "Within the usual range 73.9% to 95.5%. On trial: 7 periods; firm from 12 on."),
        (
            [*STEADY[:6], 40.0, *STEADY[:6]],
            "Signal: 40% in July 2025 is below the usual range 69.5% to 92.9%.",
        ),
        (
            [80.0] * 6 + [90.0] * 8,
            "Signal: eight or more in a row above the mean 85.7%, up to February 2026.",
        ),
    ],
)
def test_a_course_is_told_in_one_sentence(found: list[float], said: str) -> None:
    assert sentence(found) == said


def test_of_many_signals_the_latest_are_named_and_the_others_counted() -> None:
    said = sentence([95.0, 60.0, 95.0, 60.0, 95.0, 60.0, 85.0, 85.0, 85.0, 85.0, 85.0, 85.0], n=400)
    assert said.startswith("Signal: 3 earlier periods outside the usual range; 60% in April 2025 is below")


def test_bars_begin_at_nothing_or_at_the_least_below_it() -> None:
    assert bars([5.0, 10.0, None, 0.0]) == ["█████", "██████████", "", ""]
    assert bars([-10.0, 0.0, 10.0]) == ["", "█████", "██████████"]
    assert bars([0.0, 0.0]) == ["", ""]
