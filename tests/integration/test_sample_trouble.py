"""Trouble shows weeks before the notice, and not everything that shows is trouble."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import mean, median
from typing import NamedTuple

import pytest

from tests.sampled import Row, Sampled, large

WEEKS = timedelta(weeks=8)


class Window(NamedTuple):
    """Eight weeks of one account."""

    account: str
    start: str
    end: str

    def holds(self, row: Row, column: str) -> bool:
        return self.start <= row[column] < self.end


def window(account: str, end: date) -> Window:
    return Window(account, (end - WEEKS).isoformat(), end.isoformat())


@pytest.fixture(scope="module")
def sample() -> Sampled:
    return large()


def stories(sample: Sampled, kind: str) -> list[Row]:
    return [row for row in sample["truth"] if row["story"] == kind]


@pytest.fixture(scope="module")
def before_notice(sample: Sampled) -> list[Window]:
    """The eight weeks before each notice that trouble led to."""
    first = (sample.made.plan.since + 2 * WEEKS).isoformat()
    last = sample.made.plan.until.isoformat()
    told = [row for row in stories(sample, "leaves") if first <= row["notice_on"] < last]
    return [window(row["account"], date.fromisoformat(row["notice_on"])) for row in told]


@pytest.fixture(scope="module")
def healthy(sample: Sampled, before_notice: list[Window]) -> list[Window]:
    """The same weeks of all accounts that are well and were clients then."""
    well = {row["account"] for row in stories(sample, "healthy")}
    terms = sample.by_account("terms")
    return [
        Window(account, start, end)
        for _, start, end in before_notice
        for account in sorted(well)
        if any(term["starts_on"] <= start and (term["ends_on"] or "9999") > end for term in terms[account])
    ]


def within(sample: Sampled, name: str, column: str, windows: Iterable[Window]) -> list[Row]:
    rows = sample.by_account(name)
    return [row for one in windows for row in rows.get(one.account, ()) if one.holds(row, column)]


def hours(row: Row) -> float:
    opened, answered = (datetime.fromisoformat(row[name]) for name in ("opened_at", "first_response_at"))
    return (answered - opened).total_seconds() / 3600


def test_answers_take_longer_before_a_notice(
    sample: Sampled, before_notice: list[Window], healthy: list[Window]
) -> None:
    slow, usual = (
        median(hours(row) for row in within(sample, "episodes", "opened_at", windows) if row["first_response_at"])
        for windows in (before_notice, healthy[:300])
    )
    assert slow > 1.3 * usual


def test_scores_fall_before_a_notice(sample: Sampled, before_notice: list[Window], healthy: list[Window]) -> None:
    low, usual = (
        mean(
            int(row["score"])
            for row in within(sample, "replies", "answered_at", windows)
            if row["instrument"] == "csat"
        )
        for windows in (before_notice, healthy)
    )
    assert low < usual - 0.5


@pytest.mark.parametrize(("name", "column"), [("messages", "from_client"), ("usage", "value")])
def test_clients_write_and_use_less_before_a_notice_than_in_the_eight_weeks_before_that(
    sample: Sampled, before_notice: list[Window], healthy: list[Window], name: str, column: str
) -> None:
    def change(windows: list[Window]) -> float:
        earlier = [window(one.account, date.fromisoformat(one.start)) for one in windows]
        now, then = (sum(float(row[column]) for row in within(sample, name, "day", one)) for one in (windows, earlier))
        return now / then

    assert change(before_notice) < 0.85 * change(healthy[:600])


def test_trouble_begins_four_to_fourteen_weeks_before_the_notice(sample: Sampled) -> None:
    for row in stories(sample, "leaves"):
        lead = date.fromisoformat(row["notice_on"]) - date.fromisoformat(row["trouble_on"])
        assert timedelta(weeks=4) <= lead <= timedelta(weeks=14)
        assert row["notice_on"] < row["ends_on"]
        assert row["reason"]


def test_some_leave_without_a_sign_and_some_troubles_pass(sample: Sampled) -> None:
    silent, loud, passed = (stories(sample, kind) for kind in ("leaves silently", "leaves", "recovers"))
    assert 0.1 < len(silent) / (len(silent) + len(loud)) < 0.3
    assert all(not row["trouble"] and not row["trouble_on"] for row in silent)
    assert len(passed) > 0.5 * len(loud)
    assert all(row["trouble_on"] < row["eased_on"] and not row["notice_on"] for row in passed)


def test_teams_differ_and_the_better_ones_answer_sooner_and_score_higher(sample: Sampled) -> None:
    quality = {row["account"]: float(row["owner_quality"]) for row in sample["truth"]}
    worse, better = ({one for one, found in quality.items() if found * sign > 0.5} for sign in (-1, 1))
    waits = [
        median(hours(row) for row in sample["episodes"] if row["account"] in group and row["first_response_at"])
        for group in (worse, better)
    ]
    scores = [
        mean(int(row["score"]) for row in sample["replies"] if row["account"] in group and row["instrument"] == "csat")
        for group in (worse, better)
    ]
    assert waits[0] > 1.5 * waits[1]
    assert scores[0] < scores[1] - 0.3
