"""What the cards of longer answers say first, and that whatever an agency is like they keep Slack's limits."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.breakdown_card import breakdown_card
from bot.blocks.compare_card import compare_card
from bot.blocks.explain_card import explain_card
from bot.blocks.impact_card import impact_card
from bot.blocks.kpi_card import Card, kpi_card
from bot.blocks.ladder import RUNGS, lowered
from bot.blocks.limits import faults
from bot.blocks.reader import Reader
from bot.blocks.share_card import share_preview
from bot.blocks.ticks import tick
from bot.blocks.trend_card import needs_picture, trend_card
from bot.blocks.why_not_card import why_not_card
from kpi.model import KpiValue, PeriodRef, Scope
from kpi.services.comparisons import Comparison
from tests.answer_cards import (
    ALIKE,
    ALONE,
    BY_ACCOUNT,
    BY_SEGMENT,
    EARLIER,
    NONE_SHOWN,
    YEAR_ON_YEAR,
    months,
    over,
)
from tests.builders import BERLIN
from tests.cards import CARDS, EN
from tests.reason_cards import CROWDED, EIGHTEEN, WHY_NOT, impact
from tests.samples import CSAT, EVIL, NINETY_DAYS, NPS, THIRD_QUARTER

LANGUAGES = ("de", "fr", "ja", "ar", "pt-BR")


def first_line(card: Card) -> str:
    return str(card["blocks"][0]["text"]["text"])


def kinds(card: Card) -> list[str]:
    return [block["type"] for block in card["blocks"]]


def table(card: Card) -> list[list[str]]:
    """The words of the first table's cells, the heading first."""
    found = next(block for block in card["blocks"] if block["type"] == "data_table")
    return [[str(cell["text"]) for cell in row] for row in found["rows"]]


def chart(card: Card) -> dict[str, Any]:
    return next(block["chart"] for block in card["blocks"] if block["type"] == "data_visualization")


def test_a_breakdown_names_the_worst_and_the_best_and_counts_who_is_withheld() -> None:
    said = first_line(breakdown_card(BY_SEGMENT, EN, ""))
    assert said.startswith("*Client satisfaction by segment* in Q3 2026: worst *Enterprise 71.4%* (indicative: n = 14)")
    assert said.endswith("2 of 6 are withheld, so that small groups stay private. 1 of 6 has no value.")


def test_a_breakdown_says_whether_the_worst_and_the_best_really_differ() -> None:
    assert "intervals of the worst and the best overlap" in str(breakdown_card(BY_SEGMENT, EN, ""))
    assert "overlap" not in str(breakdown_card(ALIKE, EN, ""))


def test_a_breakdown_of_which_little_can_be_told_claims_no_order() -> None:
    assert "all 2 are alike at *0%*" in first_line(breakdown_card(ALIKE, EN, ""))
    assert "only *Small 84.2%* has a value" in first_line(breakdown_card(ALONE, EN, ""))
    assert "no group has a value" in first_line(breakdown_card(NONE_SHOWN, EN, ""))


def test_the_table_of_a_breakdown_gives_no_figure_of_a_withheld_group() -> None:
    rows = {row[0]: row for row in table(breakdown_card(BY_SEGMENT, EN, ""))}
    assert rows["Public sector"][1:5] == ["no value", "3", "–", "–"]
    assert rows["Mid-market"][1:4] == ["84.2%", "57", "72.6% to 91.5%"]


def test_of_300_accounts_those_that_fit_are_shown_the_worst_first() -> None:
    card = breakdown_card(BY_ACCOUNT, EN, "by account csat")
    assert "worst *Client number 0 50%*, best *Client number 299 79.9%*" in first_line(card)
    assert table(card)[1][0] == "Client number 0"
    assert faults(card) == ()


def test_a_trend_is_a_line_with_its_target_and_its_mean() -> None:
    drawn = chart(trend_card(over(months(12)), EN, ""))
    assert [each["name"] for each in drawn["series"]] == ["Value", "Target", "Mean"]
    assert drawn["axis_config"]["categories"][:2] == ["Oct 2025", "Dec 2025"]


def test_a_target_that_some_periods_lack_is_no_line() -> None:
    values = [replace(value, target=None) if place == 5 else value for place, value in enumerate(months(12))]
    assert [each["name"] for each in chart(trend_card(over(values), EN, ""))["series"]] == ["Value", "Mean"]


def test_a_trend_says_where_it_stands_and_whether_that_is_usual() -> None:
    said = first_line(trend_card(over(months(12)), EN, ""))
    assert said.startswith(
        "*Client satisfaction 77.5%* in September 2026, down 2.5 points on August 2026, within noise."
    )
    assert "Within the usual range 62% to 99.4%." in said


def test_more_periods_than_slack_draws_are_a_table_and_a_picture_is_promised() -> None:
    long = over(months(24))
    assert needs_picture(long)
    assert "a picture of them follows" in str(trend_card(long, EN, ""))
    assert table(trend_card(long, EN, ""))[1][0] == "September 2026"
    assert not needs_picture(over(months(20)))
    assert "data_visualization" in kinds(trend_card(over(months(20)), EN, ""))


def test_one_period_with_a_value_is_no_line() -> None:
    assert "data_visualization" not in kinds(trend_card(over(months(2)), EN, ""))


def test_a_comparison_stands_side_by_side_with_its_certainty() -> None:
    card = compare_card(Comparison(CSAT, EARLIER), EN, "")
    assert kinds(card)[:2] == ["section", "layout"]
    assert "The change lies between -11.3 and 17.6 points" in str(card)
    assert "different lengths" not in str(card)


def test_periods_of_different_length_are_called_so() -> None:
    assert "different lengths: 365 days and 92 days" in str(compare_card(YEAR_ON_YEAR, EN, ""))


def test_days_compared_with_any_other_period_are_not_taken_for_those_right_before() -> None:
    later = replace(NPS, previous=replace(NPS.previous, period="2025-Q4"), scope=Scope())  # type: ignore[type-var]
    assert "on Q4 2025, more than noise" in first_line(compare_card(Comparison(later, EARLIER), EN, ""))


def test_an_impact_puts_what_is_news_first() -> None:
    card = impact_card(impact(CSAT, NPS), EN)
    assert "one month later more than noise in Net promoter score" in first_line(card)
    assert [row[0] for row in table(card)[1:]] == ["Net promoter score", "Client satisfaction"]


def test_why_not_counts_what_came_of_asking() -> None:
    said = first_line(why_not_card(WHY_NOT, EN))
    assert said == (
        "*Acme GmbH: 12 asked, 7 answered* in the last 90 days, 2 still to be asked; 9 not asked or not answered."
    )


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("name", CARDS)
def test_every_card_keeps_the_limits_on_every_rung_also_as_a_preview(name: str, rung: str) -> None:
    card = {key: CARDS[name][key] for key in ("text", "blocks")}
    assert faults(lowered(card, rung)) == ()
    assert faults(lowered(share_preview(card, "csat"), rung)) == ()


@pytest.mark.parametrize("rung", RUNGS)
def test_absurdly_long_answers_keep_the_limits_on_every_rung(rung: str) -> None:
    for card in (
        breakdown_card(BY_ACCOUNT, EN, "by account csat"),
        explain_card(CROWDED, EN, "explain csat"),
        impact_card(impact(*EIGHTEEN, what="&" * 200), EN),
        trend_card(over(months(60)), EN, "trend csat 60 periods"),
    ):
        assert faults(lowered(share_preview(card, "csat"), rung)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cards_can_be_read_in_every_language(language: str) -> None:
    reader = Reader(language, BERLIN, "JPY")
    cards = (
        kpi_card(CSAT, reader, "csat"),
        breakdown_card(BY_SEGMENT, reader, "by segment csat"),
        trend_card(over(months(12)), reader, "trend csat"),
        compare_card(Comparison(CSAT, EARLIER), reader, "compare csat"),
        explain_card(CROWDED, reader, "explain csat"),
        impact_card(impact(CSAT, NPS), reader),
        why_not_card(WHY_NOT, reader),
    )
    assert [faults(card) for card in cards] == [()] * len(cards)


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (THIRD_QUARTER, "Q3 2026"),
        (NINETY_DAYS, "Oct 5, 2026"),
        (replace(THIRD_QUARTER, key="2026-09"), "Sep 2026"),
        (replace(THIRD_QUARTER, key="2026-W07"), "W07 2026"),
        (replace(THIRD_QUARTER, key="2026-07-01..2026-09-30"), "Sep 30, 2026"),
        (replace(THIRD_QUARTER, key="2026"), "2026"),
    ],
)
def test_a_period_on_an_axis_is_short(period: PeriodRef, said: str) -> None:
    assert tick(period, EN) == said


def test_names_in_a_sentence_do_nothing() -> None:
    value: KpiValue = replace(CSAT, scope=Scope("account", EVIL, 1))
    for card in (kpi_card(value, EN, ""), breakdown_card(replace(BY_SEGMENT, scope=value.scope), EN, "")):
        assert "<!channel>" not in first_line(card) + card["text"]
