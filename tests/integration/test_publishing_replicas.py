"""Of several processes that publish at once each value and each revision comes from one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kpi.store.store import Store
from tests.press import Press


@pytest.fixture
def press(tenant: Store) -> Press:
    press = Press(tenant)
    press.answers("september", [5, 5, 5, 4, 1], "2026-09-15")
    return press


def test_of_replicas_publishing_at_once_each_value_is_published_by_one(press: Press) -> None:
    gate = threading.Barrier(4)

    def replica(_: int) -> list[tuple[str, str, int]]:
        gate.wait()
        return [(row["kpi_key"], row["period_key"], row["revision"]) for row in press.publish().rows]

    with ThreadPoolExecutor(4) as pool:
        told = [each for rows in pool.map(replica, range(4)) for each in rows]
    assert sorted(told) == sorted((row["kpi_key"], row["period_key"], 0) for row in press.rows)


def test_replicas_that_revise_at_once_make_one_revision(press: Press) -> None:
    press.only("csat", cadence=("monthly",))
    press.publish()
    press.now.move(days=1)
    press.answers("late", [1], "2026-09-20", recorded_at=press.now().isoformat())
    gate = threading.Barrier(4)

    def replica(_: int) -> int:
        gate.wait()
        return len(press.publish().rows)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(replica, range(4))) == [0, 0, 0, 1]
    assert [row["revision"] for row in press.of("csat", "2026-09")] == [0, 1]


def test_a_replica_whose_clock_was_set_back_does_not_take_a_revision_back(press: Press) -> None:
    press.only("csat", cadence=("monthly",))
    press.publish()
    press.now.move(days=2)
    press.answers("late", [1], "2026-09-20", recorded_at=press.now().isoformat())
    press.publish()
    press.now.move(days=-1)
    assert press.publish().rows == []
    press.now.move(days=2)
    assert press.publish().rows == []
