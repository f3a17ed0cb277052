"""The same facts and the same definition give the same bytes, whatever came to be known since."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine

from kpi.metrics.catalog import CATALOG, in_use
from kpi.metrics.evaluate import evaluate
from kpi.model import Scope
from kpi.services.intake import Intake, Mode
from kpi.services.publishing import figures
from kpi.services.publishing.entering import Entering
from kpi.sources.csv_files import Folder
from kpi.sources.sample import Wish, planned, write
from kpi.store.store import open_store
from tests.conftest import new_database
from tests.press import OCTOBER, Press, known

NIGHTS = 3
ACCOUNTS = ["A00001", "A00002", "A00003"]


@pytest.fixture(scope="module")
def press(postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """A portfolio of 40 clients and 15 months, all 18 KPIs of it published on 1 October."""
    folder = tmp_path_factory.mktemp("made") / "sample"
    write(folder, planned(Wish(40, 15, seed=7), date(2026, 10, 1)), lambda _done: None)
    with new_database(postgres_url, template=migrated_template) as url:
        engine = create_engine(url)
        press = Press(open_store(engine, OCTOBER))
        workspace = press.policy.workspace
        intake = Intake(press.store, press.now, workspace.timezone, workspace.currency)
        assert not [taken for taken in intake.take(Folder(folder).sheets(), Mode()) if taken.flaws]
        assert press.publish().problems == []
        yield press
        engine.dispose()


def test_every_published_value_of_all_kpis_comes_out_the_same_byte_by_byte(press: Press) -> None:
    assert {row["kpi_key"] for row in press.rows} == {kpi.key for kpi in CATALOG}
    assert press.replayed() == []


def test_the_facts_of_many_periods_read_at_once_give_the_same_bytes_as_those_of_each(press: Press) -> None:
    reports, stored = press.publishing.reports, {row["document"] for row in press.rows if not row["revision"]}
    with press.store.transaction() as tx:
        for kpi in in_use(press.policy.kpis):
            rows = [row for row in press.rows if row["kpi_key"] == kpi.key and not row["revision"]]
            facts = Entering(reports, tx, kpi, OCTOBER).known(rows)
            for row in rows:
                period = reports.period(row["period_key"], OCTOBER)
                definition = reports.definition(tx, kpi, Scope(), period, OCTOBER)
                assert figures.written(evaluate(kpi, definition, facts, period, Scope())) in stored, row["kpi_key"]


def test_facts_that_come_late_revise_what_they_touch_and_leave_every_old_document_as_it_was(press: Press) -> None:
    before = [row for row in press.rows if not row["revision"]]
    press.now.at = OCTOBER + timedelta(days=NIGHTS)
    late(press)
    assert press.replayed() == []
    reasons = press.reasons()
    for series, words in TOUCHED.items():
        assert words in reasons[series], series
    assert press.replayed() == []
    assert [row for row in press.rows if not row["revision"] and row["published_at"] == OCTOBER] == before
    press.now.move(hours=1)
    assert press.publish().rows == []


TOUCHED = {
    ("csat", "2026-09"): "3 answers of September 2026 recorded after 1 October 2026",
    ("nps", "2026-Q3"): "2 answers of 2026-Q3 recorded after 1 October 2026",
    ("ces", "2026-09"): "3 answers of September 2026 recorded after 1 October 2026",
    ("survey_response_rate", "2026-09"): "surveys of September 2026 recorded after 1 October 2026",
    ("churn", "2026-09"): "1 term recorded after 1 October 2026",
    ("retention", "2026-Q3"): "1 term recorded after 1 October 2026",
    ("grr", "2026-Q3"): "amount of revenue recorded after 1 October 2026",
    ("nrr", "2026-Q3"): "amount of revenue recorded after 1 October 2026",
    ("clv", "2025"): "1 term recorded after 1 October 2026",
    ("sales_growth", "2026-Q3"): "amount of revenue recorded after 1 October 2026",
    ("upsell_success", "2026-Q3"): "1 decided offer of 2026-Q3 recorded after 1 October 2026",
    ("response_time", "2026-09"): "60 waits of September 2026 recorded after 1 October 2026",
    ("engagement_score", "2026-H1"): "days with interactions recorded after 1 October 2026",
    ("feedback_implementation", "2026-Q3"): "of feedback of 2026-Q3 recorded or found actionable after 1 October 2026",
    ("communication_frequency", "2026-09"): "days with interactions of September 2026",
}
"""What late facts must revise, and words the reason must have."""


def late(press: Press) -> None:
    """Something of every kind that happened before October and is recorded now."""
    put, now = press.books.put, known(press.now())
    put("accounts", {"account": "late", "name": "Late Ltd", **now})
    put("terms", {"account": "late", "starts_on": "2020-01-01", "ends_on": "2026-09-10", **now})
    put("revenue", {"account": "late", "starts_on": "2020-01-01", "ends_on": None, "amount": 5000, **now})
    for instrument, score, day in (("csat", 1, "09-20"), ("ces", 1, "09-20"), ("nps", 0, "08-20"), ("nps", 3, "07-20"),
                                   ("csat", 2, "09-21"), ("csat", 1, "09-22"), ("ces", 2, "09-21"),
                                   ("ces", 7, "09-22")):  # fmt: skip
        row = {"reply": f"late-{instrument}-{day}", "account": "A00001", "instrument": instrument, "score": score}
        put("replies", {**row, "answered_at": f"2026-{day}T10:00:00Z", **now})
    put("surveys", *({"survey": f"late-{n}", "account": "A00001", "instrument": "csat", "state": "expired",
                      "posted_at": f"2026-09-{n:02}T10:00:00Z", "expires_at": f"2026-09-{n + 7:02}T10:00:00Z",
                      **now} for n in range(1, 9)))  # fmt: skip
    put("offers", {"offer": "late", "account": "A00002", "kind": "upsell", "amount": 10, "offered_on": "2026-08-01",
                   "decided_on": "2026-08-20", "outcome": "lost", **now})  # fmt: skip
    put("feedback", {"feedback": "late", "account": "A00002", "text": "More", "actionable": True, "received_at":
                     "2026-08-20T10:00:00Z", "implemented_at": None, "declined_at": None, **now})  # fmt: skip
    talk(press, now)


def talk(press: Press, now: dict[str, str]) -> None:
    put = press.books.put
    days = [f"2026-{month:02}-{day:02}" for month in (6, 9) for day in range(1, 29)]
    for account in ACCOUNTS:
        put("interactions", *({"interaction": f"late-{account}-{day}", "account": account, "kind": "review",
                               "occurred_at": f"{day}T10:00:00Z", **now} for day in days))  # fmt: skip
    put("usage", *({"account": "A00001", "day": day, "metric": "late", "value": 1, **now} for day in days))
    put("episodes", *({"episode": f"late-{n}", "account": "A00001", "opened_at": f"2026-09-09T08:{n:02}:00Z",
                       "first_response_at": "2026-09-30T08:00:00Z", **now} for n in range(60)))  # fmt: skip
