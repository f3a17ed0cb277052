"""KPIs on a terminal: one with its evidence, several in a table."""

from dataclasses import replace
from math import inf

import pytest
from rich.console import Console, RenderableType

from bot.blocks.console import list_view, value_view, values_view
from kpi.model import Interval, KpiValue, Scope, Status
from tests.builders import DEFINITIONS
from tests.cards import DE, EN
from tests.examples import known
from tests.kpi_cards import EUROS, agency, shipped, values
from tests.samples import CHURN, CSAT, EVIL, NOTHING, NPS, OPEN, WITHHELD


def shown(view: RenderableType, width: int = 200) -> str:
    console = Console(width=width, no_color=True)
    with console.capture() as captured:
        console.print(view)
    return captured.get()


def rows(value: KpiValue) -> dict[str, str]:
    """The evidence by its label."""
    return {line[:24].strip(): line[24:].strip() for line in _lines(value)}


def _lines(value: KpiValue) -> list[str]:
    _, *lines = shown(value_view(replace(value, details={**value.details, "x" * 24: 1}), EN)).splitlines()
    return [f"{line[:24]}{line[24:]}" for line in lines]


def test_the_verdict_comes_first_and_the_evidence_below_it() -> None:
    first, *_ = shown(value_view(CSAT, EN)).splitlines()
    assert first == "Client satisfaction 84.2% in Q3 2026, up 3 points on Q2 2026, within noise."
    told = rows(CSAT)
    assert told["Value"] == "84.2%"
    assert told["n"] == "57 answers"
    assert told["Accounts"] == "23"
    assert told["95% interval"] == "72.6% to 91.5% (Wilson's score interval of a share)"
    assert told["Before"] == "81.2%, n = 48 (Q2 2026)"
    assert told["Change"] == "+3 points, within noise; the change lies between -11.3 and 17.6 points"
    assert told["Target"] == "80%: met"
    assert told["Status"] == "Enough data to rely on."
    assert told["Period"].replace("\N{THIN SPACE}", " ") == "Jul 1 – Sep 30, 2026"
    assert told["As of"] == "Oct 5, 2026, 09:02 CEST"
    assert told["Definition"] == "100 · answers of 4 or 5 / all answers (scale 1–5) (definition 1)"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (WITHHELD, "Only 3 answers; at least 5 are needed, so that small groups stay private."),
        (NOTHING, "No CSAT answers in this period."),
    ],
)
def test_a_missing_value_is_explained(value: KpiValue, sentence: str) -> None:
    assert sentence in shown(value_view(value, EN))
    assert sentence.split(maxsplit=1)[0] in shown(values_view([value], EN))
    assert "Value" not in rows(value)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.INDICATIVE, "Indicative: too little data to be sure."),
        (Status.INSUFFICIENT, "Withheld."),
        (Status.UNDEFINED, "No value."),
    ],
)
def test_every_status_is_a_sentence(status: Status, sentence: str) -> None:
    assert rows(replace(CSAT, status=status))["Status"] == sentence


def test_an_interval_without_an_end_is_at_least_so_much() -> None:
    waits = replace(CSAT, unit="hours", interval=Interval(3.2, inf, "kaplan_meier"))
    assert rows(waits)["95% interval"] == "at least 3.2 h (log(−log) bands of the Kaplan–Meier curve)"


def test_a_method_nobody_named_goes_by_its_own_words() -> None:
    assert "some new way" in rows(replace(CSAT, interval=Interval(1, 2, "some_new_way")))["95% interval"]


def test_an_open_period_says_so_and_a_rolling_one_does_not() -> None:
    assert rows(OPEN)["Period"].endswith("not over yet")
    assert "not over" not in rows(NPS)["Period"]


def test_a_deprecated_kpi_says_so_in_one_sentence() -> None:
    assert "Deprecated" not in rows(CSAT)
    told = rows(replace(CSAT, deprecated=True))
    assert told["Deprecated"] == "This KPI is deprecated: it is answered when asked for, and shown nowhere else."


def test_a_note_about_what_was_published_stands_with_the_evidence() -> None:
    assert "Revised on 3 October 2026: late answers." in shown(
        value_view(CSAT, EN, "Revised on 3 October 2026: late answers.")
    )


def test_names_are_shown_as_they_are_written_and_style_nothing() -> None:
    named = replace(CHURN, details={"lost": ["[red]R&D <Lab>[/red]", EVIL, "R&copy", "bell\x07"]})
    named = replace(named, scope=Scope("account", "A*B*C GmbH", 1))
    said = shown(value_view(named, EN))
    assert "Client churn 6.7% for A*B*C GmbH" in said
    assert "[red]R&D <Lab>[/red]" in said
    assert "R&copy" in said
    assert "\x07" not in said


def test_several_kpis_have_a_line_each() -> None:
    said = shown(values_view([CSAT, NPS, WITHHELD], EN))
    assert len([line for line in said.splitlines() if line.strip()]) == 7, "a heading, two lines each"
    for words in ("72.6% to 91.5%", "+3 points, within noise", "80%: met", "enough data", "Q3 2026", "last 90 days"):
        assert words in said
    assert "Net promoter score, Acme GmbH" in said
    assert "no value" in said


def test_a_group_without_a_name_is_called_without() -> None:
    assert "without segment" in shown(value_view(replace(CSAT, scope=Scope("segment")), EN))


@pytest.mark.parametrize("width", [24, 40, 80])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(width: int) -> None:
    for value in values(known(agency(), shipped())):
        said = shown(value_view(value, EUROS), width)
        assert max(map(len, said.splitlines())) <= width
        assert "_" not in said, value.key
        assert "…" not in said, value.key
    table = shown(values_view(values(known(agency(), shipped())), EUROS), 80)
    assert max(map(len, table.splitlines())) <= 80


def test_numbers_are_written_in_the_workspaces_language() -> None:
    assert "84,2" in shown(value_view(CSAT, DE))


def test_the_list_names_every_kpi_with_its_question() -> None:
    lines = shown(list_view(DEFINITIONS.values()))
    for definition in DEFINITIONS.values():
        assert definition.key in lines
        assert definition.question in lines
