"""Jobs on a real PostgreSQL: they exist with their transaction, keep their lane, outlive workers and connections."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import Empty
from time import monotonic

import pytest
from procrastinate.jobs import Job

from bot.clock import utc_now
from bot.queue import Again, Worker, worker_app
from bot.sweep import DatabaseTime, Sweep
from kpi.store.store import Store
from tests.works import SOON, STALL_SECONDS, Works, running, wait_for


@pytest.fixture
def works(store: Store, migrated_url: str) -> Works:
    return Works(store, migrated_url)


def fail(fault: Exception) -> Callable[[], None]:
    """A plan: the first run fails, later ones do not."""
    faults = [fault]

    def run() -> None:
        if faults:
            raise faults.pop()

    return run


def test_a_job_exists_exactly_when_its_transaction_commits(works: Works) -> None:
    def change_of_mind() -> None:
        with works.store.transaction() as tx:
            works.add_in(tx, "never")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        change_of_mind()
    works.add("at last")
    with running(works.worker()):
        assert works.ran(1) == ["at last"]
        works.wait_until_done()
    assert works.runs.empty()


def test_a_job_is_not_seen_before_its_transaction_ends(works: Works) -> None:
    with running(works.worker()):
        with works.store.transaction() as tx:
            works.add_in(tx, "later")
            with pytest.raises(Empty):
                works.runs.get(timeout=1.5 * STALL_SECONDS)
        assert works.ran(1) == ["later"]


def test_jobs_of_one_lane_run_one_at_a_time_and_in_order(works: Works) -> None:
    overlaps, busy = [], threading.Lock()

    def alone() -> None:
        overlaps.append(not busy.acquire(blocking=False))
        threading.Event().wait(0.02)
        busy.release()

    names = [f"job {number}" for number in range(12)]
    works.plan = dict.fromkeys(names, alone)
    works.add(*names, lane="C0ACME")
    with running(works.worker()), running(works.worker()):
        assert works.ran(12) == names
    assert not any(overlaps)


def test_a_lane_waits_with_its_first_job_while_other_lanes_go_on(works: Works) -> None:
    works.plan = {"first": fail(Again(2))}
    works.add("first", "second", lane="C0ACME")
    works.add("elsewhere", lane="C0GLOBEX")
    works.add("anywhere")
    with running(works.worker()):
        assert sorted(works.ran(3)) == ["anywhere", "elsewhere", "first"]
        assert works.ran(2) == ["first", "second"]


def test_urgent_jobs_overtake_those_that_wait(works: Works) -> None:
    works.add("one", "two")
    works.add("urgent", urgent=True)
    with running(works.worker(concurrency=1)):
        assert works.ran(3) == ["urgent", "one", "two"]


def test_a_job_that_fails_is_run_again_and_not_dropped(works: Works) -> None:
    works.plan = {"unlucky": fail(ZeroDivisionError("a fault of ours"))}
    works.add("unlucky")
    with running(works.worker()):
        assert works.ran(2) == ["unlucky", "unlucky"]
        works.wait_until_done()


def test_a_job_that_keeps_failing_is_tried_ever_more_rarely_but_at_least_every_ten_minutes() -> None:
    faults = [ZeroDivisionError("a fault of ours")] * 14
    assert [pause(attempts, fault) for attempts, fault in enumerate(faults)] == [
        *(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
        *[600] * 4,
    ]


@pytest.mark.parametrize(("asked", "seconds"), [(0.0, 1), (0.2, 1), (1.0, 1), (17.2, 18), (900.0, 900)])
def test_a_job_that_must_wait_waits_as_long_as_it_asks_in_whole_seconds(asked: float, seconds: int) -> None:
    assert pause(3, Again(asked)) == seconds


def pause(attempts: int, fault: Exception) -> int:
    """After how many seconds a job that failed is run again."""
    job = Job(queue="default", lock=None, queueing_lock=None, task_name="work", attempts=attempts)
    again = worker_app("", {"work": lambda: None}, DatabaseTime()).tasks["work"].get_retry_exception(fault, job)
    assert again is not None
    assert again.retry_decision.retry_at is not None
    return round((again.retry_decision.retry_at - utc_now()).total_seconds())


def test_a_job_of_a_newer_version_waits_for_a_worker_that_knows_it(works: Works) -> None:
    works.add("from the future", job="work")
    stranger = Worker(works.url, {"other": works.work}, stall_seconds=STALL_SECONDS)
    with running(stranger):
        wait_for(lambda: works.statuses() == ["failed"])
    with running(works.worker()):
        assert works.ran(1) == ["from the future"]


def test_a_job_whose_worker_was_killed_is_run_by_another(works: Works) -> None:
    works.add("survivor", "after it", lane="C0ACME")
    command = [sys.executable, "-m", "tests.stuck_worker", works.url, str(STALL_SECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "survivor began\n"
        victim.kill()
    with running(works.worker()):
        assert works.ran(2) == ["survivor", "after it"]
        works.wait_until_done()


def test_a_job_that_takes_longer_than_the_stall_time_is_left_to_its_living_worker(works: Works) -> None:
    works.plan = {"slow": partial(threading.Event().wait, 3 * STALL_SECONDS)}
    works.add("slow")
    with running(works.worker()), running(works.worker()):
        assert works.ran(1) == ["slow"]
        works.wait_until_done()
    assert works.runs.empty()


def test_a_living_worker_keeps_its_job_when_its_last_sign_of_life_is_old(works: Works) -> None:
    release = threading.Event()
    works.plan = {"slow": partial(release.wait, SOON)}
    works.add("slow")
    with running(works.worker()), running(works.worker()):
        assert works.ran(1) == ["slow"]
        for _ in range(20):
            works.sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 s' RETURNING id")
            threading.Event().wait(STALL_SECONDS / 7)
        release.set()
        works.wait_until_done()
    assert works.runs.empty()


def test_of_many_sweeps_at_once_one_puts_a_job_back(works: Works) -> None:
    works.add("orphan")
    works.sql("UPDATE procrastinate_jobs SET status = 'doing' RETURNING id")

    async def sweep_together() -> list[int]:
        app = worker_app(works.url, {"work": works.work}, DatabaseTime())
        async with app.open_async():
            return await asyncio.gather(*(Sweep(app, STALL_SECONDS, DatabaseTime()).once() for _ in range(8)))

    assert sorted(asyncio.run(sweep_together())) == [0] * 7 + [1]
    assert works.statuses() == ["todo"]


def test_a_job_the_worker_lost_is_run_again_although_the_worker_lives(works: Works) -> None:
    with running(works.worker()):
        works.add("first")
        works.ran(1)
        works.wait_until_done()
        works.add("lost", job="nobody knows this")
        wait_for(lambda: works.statuses() == ["failed"])
        lose = "UPDATE procrastinate_jobs SET status = 'doing', task_name = 'work' RETURNING worker_id"
        ((worker_id,),) = works.sql(lose)
        assert worker_id is not None
        assert works.ran(1) == ["lost"]


def test_the_worker_comes_back_when_every_connection_was_cut(works: Works) -> None:
    worker = works.worker()
    with running(worker):
        for round_number in range(3):
            wait_for(lambda: worker.healthy)
            assert works.cut_connections() > 0
            works.store.engine.dispose()
            works.add(f"after cut {round_number}")
            works.wait_until_run(f"after cut {round_number}")
        works.wait_until_done()


def test_connections_cut_in_the_middle_of_a_job_lose_nothing(works: Works) -> None:
    cut = threading.Event()

    def cut_once() -> None:
        if not cut.is_set():
            works.cut_connections()
            cut.set()

    works.plan = {"cutter": cut_once}
    works.add("cutter", "next", lane="C0ACME")
    with running(works.worker()):
        assert works.ran(1) == ["cutter"]
        cut.wait(SOON)
        works.wait_until_run("next")
        works.wait_until_done()


def test_a_worker_without_database_keeps_trying_and_stops_when_told(works: Works) -> None:
    worker = Worker("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1", {}, stall_seconds=STALL_SECONDS)
    with running(worker):
        threading.Event().wait(2 * STALL_SECONDS)
        assert not worker.healthy


def test_stop_lets_a_running_job_finish_and_takes_no_new_one(works: Works) -> None:
    release = threading.Event()
    works.plan = {"running": partial(release.wait, SOON)}
    works.add("running")
    worker = works.worker()
    with running(worker) as loop:
        works.ran(1)
        stopping = asyncio.run_coroutine_threadsafe(worker.stop(), loop)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.2), loop).result(timeout=SOON)
        works.add("too late")
        release.set()
        stopping.result(timeout=8)
    assert works.statuses() == ["todo"]
    assert works.runs.empty()


def test_stop_does_not_wait_longer_than_eight_seconds_for_a_job(works: Works) -> None:
    release = threading.Event()
    works.plan = {"endless": partial(release.wait, SOON)}
    works.add("endless")
    worker = works.worker()
    with running(worker) as loop:
        works.ran(1)
        started = monotonic()
        asyncio.run_coroutine_threadsafe(worker.stop(), loop).result(timeout=9)
        assert monotonic() - started < 8.5
        release.set()


def test_stop_of_a_worker_that_just_failed_or_never_ran_is_quiet(works: Works) -> None:
    async def stop_twice() -> None:
        idle = works.worker()
        await idle.stop()
        lost = Worker("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1", {}, stall_seconds=STALL_SECONDS)
        task = asyncio.create_task(lost.run())
        await asyncio.sleep(0)
        await lost.stop()
        await lost.stop()
        await asyncio.wait_for(task, 1)

    asyncio.run(stop_twice())


def test_a_worker_asks_the_database_for_its_time(works: Works) -> None:
    time = DatabaseTime(datetime.now(UTC) + timedelta(hours=5))

    async def sweep() -> None:
        app = worker_app(works.url, {"work": works.work}, time)
        async with app.open_async():
            await Sweep(app, STALL_SECONDS, time).once()

    asyncio.run(sweep())
    assert abs(time.after(0) - datetime.now(UTC)) < timedelta(seconds=5)
