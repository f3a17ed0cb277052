"""What a change came to, on a terminal."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rich.console import Console, RenderableType

from bot.blocks.impact_view import impact_view, markers_view
from kpi.metrics.document import to_json
from kpi.model import Change, KpiValue, Previous, Scope
from kpi.services.impact_checks import Check, Impact, Marker, windows
from tests.cards import EN
from tests.samples import CHURN, CSAT, NOTHING, NPS, WITHHELD

DAY = date(2026, 5, 1)


def impact(*values: KpiValue, today: str = "2026-10-05", scope: Scope | None = None, problems: str = "") -> Impact:
    documents = tuple(map(to_json, values))
    told = (problems,) if problems else ()
    checks = tuple(Check(window, documents, told) for window in windows(DAY, date.fromisoformat(today)))
    return Impact("new [b]portal[/b]", DAY, scope or Scope(), tuple(value.key for value in values), checks)


def shown(view: RenderableType) -> str:
    console = Console(width=200, no_color=True, markup=False, highlight=False)
    with console.capture() as captured:
        console.print(view)
    return captured.get()


def row(value: KpiValue) -> str:
    """The table's line of a KPI, single-spaced."""
    lines = [" ".join(line.split()) for line in shown(impact_view(impact(value), EN)).splitlines()]
    return next(line for line in lines if line.startswith(value.label))


def test_the_change_is_named_and_once_that_it_is_no_controlled_test() -> None:
    said = shown(impact_view(impact(CSAT, CHURN, scope=Scope("segment", "small", "small")), EN))
    assert said.startswith("“new [b]portal[/b]” on May 1, 2026 for segment small\n")
    assert said.count("not a controlled test") == 1


def test_a_kpi_has_both_sides_the_change_its_interval_and_the_verdict() -> None:
    assert row(CSAT) == "Client satisfaction 81.2% (n = 48) 84.2% (n = 57) +3 -11.3 to +17.6 within noise"
    assert row(NPS) == "Net promoter score 31.3 (n = 16) -12.5 (n = 16) -43.8 -80.2 to -2.4 more than noise"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (WITHHELD, f"no value (n = 48) no value (n = 3) {WITHHELD.reason}"),
        (NOTHING, "no value (n = 0) no value (n = 0) No CSAT answers in this period."),
        (replace(CSAT, previous=Previous("x", None, 2), change=None),
         "no value (n = 2) 84.2% (n = 57) no value before the change to compare with"),
        (replace(CSAT, change=None), "81.2% (n = 48) 84.2% (n = 57) the two cannot be compared"),
        (replace(CSAT, change=Change(0.02, 0.01, 0.04, beyond_noise=True)),
         "81.2% (n = 48) 84.2% (n = 57) + under 0.1 0 to 0 more than noise"),
        (replace(CSAT, change=Change(0.0, -3, None, beyond_noise=False)),
         "81.2% (n = 48) 84.2% (n = 57) 0 within noise"),
    ],
)  # fmt: skip
def test_what_is_missing_says_why(value: KpiValue, said: str) -> None:
    assert row(value) == f"Client satisfaction {said}"


@pytest.mark.parametrize(
    ("today", "month", "quarter"),
    [
        ("2026-05-01", "May 1, 2026 against the day before, to date: it closes on Jun 1, 2026",
         "May 1, 2026 against the day before, to date: it closes on Aug 1, 2026"),
        ("2026-06-01", "May 1 – 31, 2026 against the 31 days before",
         "May 1 – Jun 1, 2026 against the 32 days before, to date: it closes on Aug 1, 2026"),
        ("2026-08-01", "May 1 – 31, 2026 against the 31 days before",
         "May 1 – Jul 31, 2026 against the 92 days before"),
    ],
)  # fmt: skip
def test_a_window_that_is_open_says_to_date_and_when_it_closes(today: str, month: str, quarter: str) -> None:
    lines = shown(impact_view(impact(CSAT, today=today), EN)).splitlines()
    found = [" ".join(line.split()) for line in lines if "against" in line]
    assert [line.replace("\u2009", " ") for line in found] == [f"One month: {month}", f"Three months: {quarter}"]


def test_what_cannot_be_computed_is_told_below() -> None:
    problem = "clv: There is no rate for USD in force."
    assert problem in shown(impact_view(impact(CSAT, problems=problem), EN))


@pytest.mark.parametrize(
    ("today", "kept", "said"),
    [
        ("2026-05-20", (), "closes on Jun 1, 2026 closes on Aug 1, 2026"),
        ("2026-06-20", (CSAT,), "closed; 1 of 2 results kept so far closes on Aug 1, 2026"),
        ("2026-10-05", (CSAT, NPS), "more than noise: nps more than noise: nps"),
        ("2026-10-05", (CSAT, WITHHELD), "within noise within noise"),
        ("2026-10-05", (WITHHELD, NOTHING), "nothing to compare nothing to compare"),
    ],
)
def test_the_list_tells_what_came_out_or_when_it_will(today: str, kept: tuple[KpiValue, ...], said: str) -> None:
    found = replace(impact(*kept, today=today), keys=("csat", "nps"))
    marker = Marker(1, "U0ANNA", datetime(2026, 5, 1, tzinfo=UTC), found)
    line = " ".join(shown(markers_view([marker], EN)).splitlines()[1].split())
    assert line == f"new [b]portal[/b] May 1, 2026 all {said}"
