"""Waits go on after their period: answered ones revise it, those that only last where people see it."""

import pytest

from kpi.services.questions import Question
from kpi.store.store import Store
from tests.builders import at
from tests.press import OCTOBER, Press


@pytest.fixture
def press(tenant: Store) -> Press:
    return Press(tenant)


def test_waits_answered_since_are_counted(press: Press) -> None:
    press.books.accounts("acme")
    wait = {"account": "acme", "opened_at": "2026-09-29T10:00:00Z", "first_response_at": None}
    press.books.put("episodes", *({**wait, "episode": f"e-{number}"} for number in range(6)))
    press.only_shipped("response_time", cadence=("monthly",))
    press.publish()
    press.now.move(hours=1)
    for number in range(4):
        answered = {**wait, "episode": f"e-{number}", "first_response_at": press.now().isoformat()}
        press.books.put("episodes", answered)
    press.now.move(hours=1)
    reason = press.reasons()["response_time", "2026-09"]
    assert reason.startswith("no value → ")
    assert reason.endswith(" h; 4 waits of September 2026 answered since")


def waits(press: Press, *hours: int) -> None:
    """Waits of so many hours on 29 September, and one from half an hour before closing time on the 30th that lasts."""
    press.books.accounts("acme")
    for number, hour in enumerate(hours):
        opened = {"account": "acme", "opened_at": "2026-09-29T07:00:00Z", "episode": f"e-{number}"}
        press.books.put("episodes", {**opened, "first_response_at": f"2026-09-29T{7 + hour:02}:00:00Z"})
    last = {"account": "acme", "episode": "open", "opened_at": "2026-09-30T14:30:00Z", "first_response_at": None}
    press.books.put("episodes", last)
    press.now.at = OCTOBER
    press.only_shipped("response_time", cadence=("monthly",))
    press.publish()
    press.now.at = at("2026-10-01", 8)  # 10:00 in Berlin: it lasts an hour and a half by the calendar


def test_a_wait_that_only_lasts_is_a_revision_where_people_see_the_figure_move(press: Press) -> None:
    waits(press, 1, 1, 3, 3)
    said = "1 → 3 h; what was still open on 1 October 2026 has gone on since"
    assert press.reasons() == {("response_time", "2026-09"): said}
    assert press.replayed() == []


def test_a_wait_that_only_lasts_is_none_where_only_the_interval_moves(press: Press) -> None:
    waits(press, 1, 1, 1, 2, 2)
    (row,) = press.of("response_time", "2026-09")
    now = press.publishing.reports.answer(Question("response_time", "2026-09"))
    assert now.interval
    assert (now.value, (now.interval.low, now.interval.high)) != (row["value"], (row["low"], row["high"]))
    assert press.reasons() == {}
