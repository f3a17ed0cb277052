"""What a digest showed of a closed period is published with its ledger row, so that it can be replayed."""

from dataclasses import replace
from datetime import timedelta
from json import loads

import pytest

from kpi.model import KpiValue
from kpi.services.digest_content import Digest
from kpi.services.publishing import Publishing, figures
from kpi.store import tables
from kpi.store.store import Store
from tests.builders import at
from tests.digest_office import MONDAY, Office, words


@pytest.fixture
def office(store: Store) -> Office:
    """Ten clients since 2020, one of them lost in week 40, and ten answers in it."""
    office = Office(store)
    for number in range(10):
        account = office.portfolio.account(f"C{number}")
        office.portfolio.term(account, "2020-01-01", "2026-10-01" if number == 3 else None)
    office.portfolio.answers([5] * 8 + [1, 1], "2026-10-01")
    office.subscribe()
    office.now.at = MONDAY
    return office


def post(office: Office) -> list[KpiValue]:
    """Every value the digests that are due show of a complete period."""
    shown: list[Digest] = []

    def keep(digest: Digest) -> dict[str, str]:
        shown.append(digest)
        return dict(words(digest))

    office.tick(keep)
    values = [value for digest in shown for figure in digest.figures for value in (figure.value, figure.trailing)]
    return [value for value in values if value and value.period.complete]


def test_every_closed_period_a_digest_shows_is_published_and_can_be_replayed(office: Office) -> None:
    shown = post(office)
    assert len(shown) == 4, "three KPIs of the week, and the twelve months of churn"
    rows = office.portfolio.rows(tables.kpi_value)
    published = {(row["kpi_key"], row["period_key"]): row for row in rows}
    assert set(published) == {("csat", "2026-W40"), ("nps", "2026-W40"), ("churn", "2026-W40"),
                              ("churn", "2025-10-01..2026-09-30")}  # fmt: skip
    assert sorted(row["document"] for row in rows) == sorted(figures.written(value) for value in shown)
    publishing = office.digests.publishing
    with office.store.transaction() as tx:
        assert [publishing.replay(tx, row) for row in rows] == [row["document"] for row in rows]


def test_a_digest_that_could_not_be_queued_has_published_nothing(office: Office) -> None:
    def fails(_: Digest) -> dict[str, str]:
        raise RuntimeError("no words")

    with pytest.raises(RuntimeError):
        office.tick(fails)
    assert (office.portfolio.rows(tables.kpi_value), office.ledger) == ([], [])
    post(office)
    assert len(office.portfolio.rows(tables.kpi_value)) == 4


def test_a_preview_publishes_nothing(office: Office) -> None:
    office.digests.preview("weekly")
    assert office.portfolio.rows(tables.kpi_value) == []


def night(office: Office) -> Publishing:
    """The nightly job, four hours before the digest, with the digest's KPIs weekly."""
    publishing = office.digests.publishing
    kpis = {key: replace(each, cadence=("weekly",)) for key, each in publishing.reports.policy.kpis.items()}
    policy = replace(publishing.reports.policy, kpis=kpis)
    office.now.at = MONDAY - timedelta(hours=4)
    return replace(publishing, reports=replace(publishing.reports, policy=policy))


def test_what_the_night_published_is_not_published_again_by_a_digest_that_shows_the_same(office: Office) -> None:
    job = night(office)
    assert len(job.run().rows) == 3
    office.now.at = MONDAY
    post(office)
    assert {row["revision"] for row in office.portfolio.rows(tables.kpi_value)} == {0}
    assert job.run().rows == []


def test_a_digest_that_shows_another_figure_than_the_night_before_revises_it(office: Office) -> None:
    night(office).run()
    office.portfolio.answers([1] * 10, "2026-10-02", recorded_at=MONDAY - timedelta(hours=1))
    office.now.at = MONDAY
    (shown,) = [value for value in post(office) if value.key == "csat"]
    first, second = (row for row in office.portfolio.rows(tables.kpi_value) if row["kpi_key"] == "csat")
    assert (first["revision"], first["value"], second["revision"], second["value"]) == (0, 80, 1, shown.value)
    assert second["document"] == figures.written(shown)
    assert second["revision_reason"] == "80 → 40 %, n 10 → 20; 10 answers of 2026-W40 recorded after 5 October 2026"


def test_twelve_months_that_look_otherwise_a_week_later_are_a_revision_with_its_reason(office: Office) -> None:
    post(office)
    late = office.portfolio.account("Late", recorded_at=at("2026-10-07"))
    office.portfolio.term(late, "2020-01-01", "2026-05-01", recorded_at=at("2026-10-07"))
    office.now.move(days=7)
    post(office)
    months = [row for row in office.portfolio.rows(tables.kpi_value) if row["period_key"] == "2025-10-01..2026-09-30"]
    assert [(row["revision"], row["value"], row["revision_reason"]) for row in months] == [
        (0, 10, None),
        (1, pytest.approx(200 / 11), "10 → 18.2 %, n 10 → 11; 1 term recorded after 5 October 2026"),
    ]
    assert loads(months[1]["document"])["period"]["key"] == "last 12 months"


def test_a_redefined_kpi_is_left_out_of_the_digest_with_the_reason_among_its_problems(office: Office) -> None:
    post(office)
    digests = office.digests
    reports = digests.publishing.reports
    kpis = {**reports.policy.kpis, "nps": replace(reports.policy.kpis["nps"], formula="P")}
    publishing = replace(digests.publishing, reports=replace(reports, policy=replace(reports.policy, kpis=kpis)))
    with office.store.transaction() as tx:
        digest = publishing.posted(tx, digests.composer.compose(tx, "weekly", MONDAY))
    assert [figure.value.key for figure in digest.figures] == ["csat", "churn"]
    (problem,) = digest.problems
    assert problem.startswith("kpis.yaml: nps.definition_version: 1 was published from 5 October 2026 on with")
