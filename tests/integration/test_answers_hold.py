"""Answers that are kept, and facts that are packed, are what the rows say, whatever happens in between."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert, select, update

from bot.settings import load
from kpi.metrics.catalog import CATALOG, find
from kpi.metrics.document import to_json
from kpi.model import Scope
from kpi.policy import Policy
from kpi.services.answered import Answered
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store import tables
from kpi.store.facts import days, versions
from kpi.store.store import Store
from tests.books import Books
from tests.fakes import FakeNow
from tests.office import ACCOUNTS, KEYS, STEPS, Office, step, workspace

DAYS = st.one_of(st.sampled_from([3, 4, 40]), st.integers(-3, 130)).map(
    lambda back: date(2026, 9, 16) - timedelta(days=back)
)
HOURS = st.sampled_from([0.0, 3.5, 21.99, 22.01, 23.5])
FACTS = st.one_of(
    step("wait", KEYS, ACCOUNTS, DAYS, HOURS, st.one_of(st.none(), st.floats(0, 60))),
    step("use", ACCOUNTS, DAYS, st.sampled_from([0, 1, 5])),
    step("earn", ACCOUNTS, DAYS, st.integers(0, 900)),
    step("hear", KEYS, ACCOUNTS, DAYS, st.one_of(st.none(), st.integers(0, 40))),
    step("serve", ACCOUNTS, DAYS, st.one_of(st.none(), st.integers(1, 90))),
    step("reassign", ACCOUNTS, st.sampled_from(["small", "large", None])),
    step("fold"),
    step("sleep", st.sampled_from([0.02, 0.7, 5.0, 30.0, 200.0])),
)
QUESTIONS = st.tuples(
    st.sampled_from([kpi.key for kpi in CATALOG]),
    st.sampled_from([None, "last 90 days", "2026-08", "this month", "last quarter", "2026-W37"]),
    st.sampled_from([None, Scope("account", "acme"), Scope("segment", "small"), Scope("account", "globex")]),
    st.one_of(st.none(), st.integers(0, 40)),
)

PERIOD = date(2026, 9, 1), date(2026, 9, 16)


@cache
def shipped() -> Policy:
    return load({}, cwd=Path("/nonexistent")).policy


class Busy(Office):
    """The office, with everything else KPIs are made of."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.now: FakeNow = self.agency.now

    def wait(self, key: int, account: str, day: date, hour: float, lasted: float | None) -> None:
        opened = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)
        answered = {} if lasted is None else {"first_response_at": (opened + timedelta(hours=lasted)).isoformat()}
        self._put("episodes", [{"episode": f"e{key}", "account": account, "opened_at": opened.isoformat(), **answered}])

    def use(self, account: str, day: date, value: int) -> None:
        self._put("usage", [{"account": account, "day": f"{day}", "metric": "logins", "value": value}])

    def earn(self, account: str, day: date, amount: int) -> None:
        self._put("revenue", [{"account": account, "starts_on": f"{day}", "amount": amount, "currency": "EUR",
                               "kind": "recurring"}])  # fmt: skip

    def hear(self, key: int, account: str, day: date, done_after: int | None) -> None:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        done = {} if done_after is None else {"implemented_at": (at + timedelta(days=done_after)).isoformat()}
        said = {"feedback": f"f{key}", "account": account, "text": "more", "actionable": True}
        self._put("feedback", [{**said, "received_at": at.isoformat(), "triaged_at": at.isoformat(), **done}])

    def serve(self, account: str, day: date, days: int | None) -> None:
        end = {} if days is None else {"ends_on": f"{day + timedelta(days=days)}"}
        self._put("terms", [{"account": account, "starts_on": f"{day}", **end}])

    def reassign(self, account: str, segment: str | None) -> None:
        self._put("accounts", [{"account": account, "name": account.capitalize(), "segment": segment}])

    def fold(self) -> None:
        with self.books.store.transaction() as tx:
            versions.fold(tx)

    def sleep(self, hours: float) -> None:
        self.now.move(hours=hours)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.one_of(STEPS, FACTS), st.lists(QUESTIONS, min_size=1, max_size=4)), min_size=3, max_size=9
    )
)
def test_every_answer_is_that_of_the_rows_alone(
    shared_engine: Engine, steps: list[tuple[tuple[str, tuple[Any, ...]], list[Any]]]
) -> None:
    busy = Busy(workspace(shared_engine))
    store = busy.books.store
    asked = Reports(store, shipped(), busy.now, Answered())
    plain = Reports(store, shipped(), busy.now, packed=False)
    for (name, arguments), questions in steps:
        getattr(busy, name)(*arguments)
        for key, period, scope, hours_back in questions:
            as_of = None if hours_back is None else busy.now() - timedelta(hours=hours_back)
            question = Question(key, period, scope, as_of)
            assert said(asked, question) == said(plain, question), (name, arguments, question)


def said(reports: Reports, question: Question) -> Any:
    """The answer without the instant it was computed at, which may be earlier; or the fault."""
    from kpi.errors import KpiError

    try:
        document = to_json(reports.answer(question))
    except KpiError as fault:
        return str(fault)
    if question.as_of is None:
        assert datetime.fromisoformat(document["as_of"]) <= reports.now()
        document["as_of"] = None
    return document


@dataclass
class Desk:
    """Somebody who asks again and again."""

    store: Store
    now: FakeNow = field(default_factory=FakeNow)

    def __post_init__(self) -> None:
        self.reports = Reports(self.store, shipped(), self.now, Answered())

    def n(self, key: str) -> int:
        return self.reports.answer(Question(key)).n


@pytest.fixture
def desk(tenant: Store) -> Desk:
    Books(tenant).accounts("acme")
    return Desk(tenant)


def test_an_answer_is_given_again_as_long_as_nothing_changes(desk: Desk) -> None:
    first = desk.reports.answer(Question("csat"))
    desk.now.move(hours=3)
    assert desk.reports.answer(Question("csat")) is first
    Books(desk.store).answer("r1", "acme", 5, "2026-09-01T10:00:00Z")
    assert desk.n("csat") == 1
    desk.now.move(hours=12)
    assert desk.reports.answer(Question("csat")).as_of == desk.now(), "another day"


def test_a_wait_that_lasts_is_counted_to_the_minute(desk: Desk) -> None:
    books = Books(desk.store)
    for number in range(5):
        books.put("episodes", {"episode": f"e{number}", "account": "acme", "opened_at": "2026-09-16T07:00:00Z"})
    first = desk.reports.answer(Question("response_time"))
    desk.now.move(seconds=30)
    assert desk.reports.answer(Question("response_time")) is first
    desk.now.move(seconds=40)
    assert desk.reports.answer(Question("response_time")).as_of == desk.now()


def test_what_is_yet_to_come_counts_from_its_instant_on(desk: Desk) -> None:
    Books(desk.store).answer("r1", "acme", 5, "2026-09-16T10:05:00Z")
    assert desk.n("csat") == 0
    desk.now.move(minutes=4)
    assert desk.n("csat") == 0
    desk.now.move(minutes=1)
    assert desk.n("csat") == 1


@pytest.mark.parametrize("folded", [False, True])
def test_every_statement_that_touches_facts_is_a_new_version_and_one_that_touches_none_is_not(
    desk: Desk, folded: bool
) -> None:
    def version() -> int:
        with desk.store.transaction() as tx:
            if folded:
                versions.fold(tx)
            return sum(each.count for each in versions.of_topics(tx, ["reply"]).values())

    books = Books(desk.store)
    seen = [version()]
    books.answer("r1", "acme", 5, "2026-09-01T10:00:00Z")
    seen.append(version())
    with desk.store.transaction() as tx:
        tx.run(update(tables.reply).where(tx.mine(tables.reply)).values(score=4))
    seen.append(version())
    with desk.store.transaction() as tx:
        tx.run(delete(tables.reply_edit).where(tx.mine(tables.reply_edit)))
        tx.run(delete(tables.reply).where(tx.mine(tables.reply)))
    seen.append(version())
    assert seen == sorted(set(seen))
    with desk.store.transaction() as tx:
        tx.run(update(tables.reply).where(tx.mine(tables.reply)).values(score=4))
        tx.run(delete(tables.reply).where(tx.mine(tables.reply)))
    assert version() == seen[-1]


def test_a_transaction_that_is_undone_leaves_no_new_version(desk: Desk) -> None:
    def count() -> int:
        with desk.store.transaction() as tx:
            return sum(each.count for each in versions.of_topics(tx, ["account"]).values())

    before = count()
    with desk.store.transaction() as tx:
        tx.run(update(tables.account).where(tx.mine(tables.account)).values(segment="x"))
        tx.connection.rollback()
    assert count() == before


def test_one_who_writes_while_another_asks_never_leaves_an_old_answer_behind(desk: Desk) -> None:
    """A row is added while its KPI is asked for, many times; after each the next answer has it."""
    with desk.store.transaction() as tx:
        account = tx.value(select(tables.account.c.account_id).where(tx.mine(tables.account)))
    opened = datetime(2026, 9, 10, 8, tzinfo=UTC)
    for number in range(12):
        ready = Barrier(4)

        def write(key: str, ready: Barrier = ready) -> None:
            with desk.store.transaction() as tx:
                ready.wait()
                row = {"key": key, "account_id": account, "opened_at": opened, "recorded_at": opened}
                tx.run(insert(tables.episode).values(workspace_id=tx.workspace_id, **row))

        def ask(ready: Barrier = ready) -> None:
            ready.wait()
            for _ in range(3):
                desk.n("response_time")

        with ThreadPoolExecutor(4) as threads:
            work = [threads.submit(write, f"e{number}"), *(threads.submit(ask) for _ in range(3))]
            for each in work:
                each.result()
        assert desk.n("response_time") == number + 1


def test_a_local_day_is_packed_anew_for_what_happens_late_on_the_day_before_it_in_utc(desk: Desk) -> None:
    """22:30 in UTC is past midnight in Berlin."""
    books = Books(desk.store)
    for number in range(6):
        books.put("episodes", {"episode": f"e{number}", "account": "acme", "opened_at": "2026-09-01T22:30:00Z"})
        assert desk.n("response_time") == number + 1


def test_a_day_that_was_packed_anew_in_the_meantime_is_read_from_its_rows(desk: Desk) -> None:
    """Its rows may hold by now what was not known at the instant asked about."""
    books = Books(desk.store)
    for number in range(5):
        books.put("episodes", {"episode": f"e{number}", "account": "acme", "opened_at": "2026-09-01T10:00:00Z"})
    with desk.store.transaction() as tx:
        wanted = desk.reports.wanted(find("response_time", shipped().kpis), Scope(), PERIOD, desk.now())
        window = days.window(tx, "episodes", wanted)
        assert days.cells(tx, "episodes", wanted.zone, window.packed) is not None
        tx.run(update(tables.fact_day).where(tx.mine(tables.fact_day)).values(version=tables.fact_day.c.version + 1))
        assert days.cells(tx, "episodes", wanted.zone, window.packed) is None
