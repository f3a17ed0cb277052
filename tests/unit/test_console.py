"""A KPI on a terminal."""

from dataclasses import replace

from rich.console import Console, RenderableType

from bot.blocks.console import list_view, value_view
from tests.builders import DEFINITIONS
from tests.cards import CHURN, CSAT, EN, EVIL, WITHHELD


def shown(view: RenderableType) -> str:
    console = Console(width=200, no_color=True)
    with console.capture() as captured:
        console.print(view)
    return captured.get()


def test_the_verdict_comes_first_and_the_evidence_below_it() -> None:
    first, second, *_ = shown(value_view(CSAT, EN)).splitlines()
    assert first == "Client satisfaction 84.2% in Q3 2026, up 3 points on Q2 2026, within noise."
    assert second == "n = 57 answers from 23 accounts · 95% interval 72.6% to 91.5% · enough data"


def test_a_missing_value_is_explained() -> None:
    assert "Only 3 answers; at least 5 are needed" in shown(value_view(WITHHELD, EN))


def test_names_are_shown_as_they_are_written_and_style_nothing() -> None:
    named = replace(CHURN, details={"lost": ["[red]R&D <Lab>[/red]", EVIL]})
    assert "[red]R&D <Lab>[/red]" in shown(value_view(named, EN))


def test_the_list_names_every_kpi_with_its_question() -> None:
    lines = shown(list_view(DEFINITIONS.values()))
    for definition in DEFINITIONS.values():
        assert definition.key in lines
        assert definition.question in lines
