"""What a person reads first on a KPI's card."""

from dataclasses import replace

import pytest

from bot.blocks.digest import digest_card
from bot.blocks.kpi_card import kpi_card
from bot.blocks.limits import faults
from kpi.model import Change, KpiValue, Previous, Target
from kpi.services.digest_content import Figure
from kpi.services.surveys.rates import Rate
from kpi.services.surveys.words import Counts
from tests.cards import DE, EN
from tests.samples import (
    CHURN,
    CSAT,
    CSAT_TO_SUNDAY,
    DIGEST,
    EVIL,
    NOTHING,
    NPS,
    NPS_TO_SUNDAY,
    NPS_WEEK,
    WEEK,
    WEEK_WITHHELD,
    WITHHELD,
)


def first_line(value: KpiValue) -> str:
    return str(kpi_card(value, EN, "")["blocks"][0]["text"]["text"])


def everything(value: KpiValue) -> str:
    return str(kpi_card(value, EN, "")["blocks"])


def test_the_first_line_says_value_period_change_and_verdict() -> None:
    assert first_line(CSAT) == "*Client satisfaction 84.2%* in Q3 2026, up 3 points on Q2 2026, within noise."


def test_a_change_beyond_noise_is_called_so() -> None:
    assert "down 43.8 points on the 90 days before, more than noise" in first_line(NPS)


def test_a_value_that_rests_on_little_says_so_in_its_first_sentence() -> None:
    assert " in the last 90 days (indicative: n = 16), down 43.8 points" in first_line(NPS)
    assert "indicative" not in first_line(CSAT)


def test_one_point_is_not_several() -> None:
    one = replace(CSAT, change=Change(1.0, -5.0, 7.0, beyond_noise=False))
    assert "up 1 point on Q2 2026" in first_line(one)


@pytest.mark.parametrize("delta", [0.0, 0.04, -0.04])
def test_a_change_that_rounds_to_nothing_is_no_change(delta: float) -> None:
    assert "unchanged on Q2 2026" in first_line(replace(CSAT, change=Change(delta, None, None, beyond_noise=False)))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (CSAT, "Target 80%: met"),
        (replace(CSAT, target=Target(90, met=False)), "Target 90%: missed"),
        (replace(CSAT, n=12, target=Target(80, met=None)), "Target 80%: cannot tell yet at n = 12"),
        (WITHHELD, "Target 80%: no value to compare"),
    ],
)
def test_the_card_says_whether_the_target_is_met_or_why_nobody_can_tell(value: KpiValue, said: str) -> None:
    assert said in everything(value)


def test_without_an_earlier_value_the_card_says_so() -> None:
    lonely = replace(CSAT, previous=Previous("2026-Q2", None, 0), change=None)
    assert "; nothing to compare with in Q2 2026" in first_line(lonely)


@pytest.mark.parametrize("value", [WITHHELD, NOTHING])
def test_a_missing_value_is_explained_and_no_number_leaks(value: KpiValue) -> None:
    assert first_line(value) == f"*Client satisfaction: no value* in Q3 2026. {value.reason}"
    assert "84" not in everything(value)
    assert "81" not in everything(value)


def test_the_small_print_carries_n_interval_status_target_as_of_and_formula() -> None:
    shown = everything(CSAT).replace("\\'", "'")
    for words in (
        "n = 57 answers from 23 accounts",
        "95% interval 72.6% to 91.5%",
        "enough data",
        "Target 80%: met",
        "as of Oct 5, 2026, 09:02 CEST",
        "100 · answers of 4 or 5 / all answers (scale 1–5); Wilson's score interval of a share (definition 1)",
    ):
        assert words in shown


def test_screen_readers_hear_the_numbers() -> None:
    text = kpi_card(CSAT, EN, "")["text"]
    assert "84.2%" in text
    assert "n = 57" in text
    assert "72.6% to 91.5%" in text


def test_numbers_and_dates_are_written_in_the_workspaces_language() -> None:
    shown = str(kpi_card(CSAT, DE, "")["blocks"])
    assert "84,2\N{NO-BREAK SPACE}%" in shown or "84,2\\xa0%" in shown
    assert "05.10.2026" in shown


def test_names_are_shown_as_words_and_only_a_handful_of_them() -> None:
    shown = everything(CHURN)
    assert "&lt;!channel&gt;" in shown
    assert "<!channel>" not in shown
    assert "and 3 more" in shown


def test_absurdly_long_words_of_the_operator_still_make_a_card() -> None:
    long = "&" * 5000
    value = replace(
        CSAT, label=long, formula=long, reason=long, scope=replace(CSAT.scope, kind="owner", name=long),
        details={"lost": [long] * 900}, exclusions=(long,) * 50,
    )  # fmt: skip
    for each in (value, replace(value, value=None)):
        assert faults(kpi_card(each, EN, "")) == ()


def test_a_digest_with_200_comments_of_3000_characters_keeps_the_limits() -> None:
    flood = replace(DIGEST.comments[0], comment="<&>" * 1000, account=EVIL * 20)
    card = digest_card(replace(DIGEST, comments=(flood,) * 200), EN)
    assert faults(card) == ()
    assert "Surveys" in str(card["blocks"])
    assert str(card["blocks"]).count("&lt;&amp;&gt;&lt;") >= 5


def test_a_digest_of_sixty_kpis_keeps_the_limits_and_still_says_how_asking_went() -> None:
    card = digest_card(replace(DIGEST, figures=(Figure(NPS_WEEK, NPS_TO_SUNDAY),) * 60, problems=("x" * 900,) * 60), EN)
    assert faults(card) == ()
    assert "12 asked" in str(card["blocks"])


def test_a_digest_names_only_the_biggest_reasons() -> None:
    reasons = {f"reason {number}": number for number in range(1, 8)}
    shown = str(digest_card(replace(DIGEST, surveys=Counts(1, 1, 0, 0, 0, reasons)), EN)["blocks"])
    assert "28 suppressed" in shown
    assert "7 because reason 7; 6 because reason 6; 5 because reason 5" in shown
    assert "reason 4" not in shown
    assert "10 for other reasons" in shown


def test_a_digest_says_who_called_questions_off_and_how_many_of_those_that_ended_were_answered() -> None:
    shown = str(digest_card(DIGEST, EN)["blocks"])
    assert "2 called off by hand" in shown
    assert "41.7% of the 12 whose time ended were answered (95% interval 19.3% to 68%)" in shown
    few = Counts(1, 1, 0, 0, 0, {}, 0, Rate(None, 3, reason="Only 3."))
    assert "whose time ended" not in str(digest_card(replace(DIGEST, surveys=few), EN)["blocks"])


def test_a_late_digest_says_when_it_was_due() -> None:
    late = replace(DIGEST, composed_at=DIGEST.scheduled_at.replace(hour=9, minute=42))
    assert "late: scheduled 09:00, posted 11:42" in str(digest_card(late, EN)["blocks"])
    assert "scheduled" not in str(digest_card(DIGEST, EN)["blocks"])


def finding(figure: Figure) -> tuple[str, list[str]]:
    """What a digest says of one KPI: the sentence, and its small print."""
    said, small = digest_card(replace(DIGEST, figures=(figure,)), EN)["blocks"][2:4]
    return said["text"]["text"], [element["text"].replace("\N{THIN SPACE}", " ") for element in small["elements"]]


def test_a_kpi_of_a_digest_says_the_reported_weeks_value_and_in_one_small_line_that_of_its_own_period() -> None:
    said, (support, trailing) = finding(Figure(WEEK, CSAT_TO_SUNDAY))
    assert said == (
        "*Client satisfaction 81.8%* in week 40 of 2026 (indicative: n = 11),"
        " up 6.8 points on week 39 of 2026, within noise."
    )
    assert support.startswith("n = 11 answers from 7 accounts · 95% interval 47.1% to 95.7% · too little data")
    assert "Before (week 39 of 2026): 75%, n = 8" in support
    assert trailing == (
        "The last 90 days (Jul 7 – Oct 4, 2026): 84.2%, up 3 points on the 90 days before, within noise"
        " · n = 57 answers from 23 accounts · enough data"
    )


def test_where_a_week_has_too_few_answers_the_longer_period_leads_and_the_week_says_why_it_does_not() -> None:
    said, (support,) = finding(Figure(WEEK_WITHHELD, CSAT_TO_SUNDAY))
    assert said == (
        "*Client satisfaction 84.2%* in the last 90 days, up 3 points on the 90 days before, within noise."
        " No value in week 40 of 2026, n = 3 answers from 2 accounts."
        " Only 3 answers; at least 5 are needed, so that small groups stay private."
    )
    assert support.startswith("Jul 7 – Oct 4, 2026 · n = 57 answers from 23 accounts")
    assert said in digest_card(replace(DIGEST, figures=(Figure(WEEK_WITHHELD, CSAT_TO_SUNDAY),)), EN)["text"]


def test_where_neither_has_a_value_both_say_so() -> None:
    nothing = replace(NOTHING, period=CSAT_TO_SUNDAY.period)
    said, (_, trailing) = finding(Figure(WEEK_WITHHELD, nothing))
    assert said.startswith("*Client satisfaction: no value* in week 40 of 2026. Only 3 answers")
    assert trailing == "The last 90 days (Jul 7 – Oct 4, 2026): no value · n = 0 answers"


def test_a_period_that_is_also_the_kpis_own_is_said_once() -> None:
    said, small = finding(Figure(WEEK))
    assert said.startswith("*Client satisfaction 81.8%* in week 40 of 2026")
    assert len(small) == 1
