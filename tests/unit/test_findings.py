"""The sentences about a value where something is missing, open or out of use."""

from dataclasses import replace
from math import inf

import pytest

from bot.blocks.kpi_card import kpi_card
from kpi.model import Change, Interval, KpiValue, Scope
from tests.cards import EN
from tests.samples import CSAT, WITHHELD


def first_line(value: KpiValue) -> str:
    return str(kpi_card(value, EN, "")["blocks"][0]["text"]["text"])


def everything(value: KpiValue) -> str:
    return str(kpi_card(value, EN, "")["blocks"])


def test_two_values_that_cannot_be_compared_are_both_told() -> None:
    apart = replace(CSAT, change=None)
    assert first_line(apart).endswith("in Q3 2026; not comparable with Q2 2026.")
    assert "Before (Q2 2026): 81.2%, n = 48; the two cannot be compared" in everything(apart)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (2.0, None, "the change is at least 2 points"),
        (None, -1.0, "the change is at most -1 point"),
        (None, None, "how large the change really is cannot be told"),
    ],
)
def test_a_change_with_an_open_end_says_how_far_it_is_known(low: float | None, high: float | None, said: str) -> None:
    assert f"n = 48; {said}" in everything(replace(CSAT, change=Change(3.0, low, high, beyond_noise=False)))


def test_beside_a_value_that_is_withheld_the_earlier_one_shows_its_n_alone() -> None:
    assert "Before (Q2 2026): n = 48, but nothing to compare with it" in everything(WITHHELD)


def test_an_interval_without_an_end_is_at_least_so_much() -> None:
    waits = replace(CSAT, unit="hours", interval=Interval(3.2, inf, "kaplan_meier"))
    assert "95% interval at least 3.2 h" in everything(waits)


def test_a_group_without_an_owner_is_called_so() -> None:
    assert "84.2%* without owner in Q3 2026" in first_line(replace(CSAT, scope=Scope("owner")))


def test_a_deprecated_kpi_says_so() -> None:
    assert "This KPI is deprecated" in everything(replace(CSAT, deprecated=True))
    assert "deprecated" not in everything(CSAT)
