"""The bundled PostgreSQL through its whole life, with real processes, real signals and real files."""

import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from bot.embedded import EmbeddedFault, revive, running
from tests.bots import eventually
from tests.visitors import Visitor, python
from tests.visitors import visit as enter

as_root = os.geteuid() == 0
Visits = Callable[[], Visitor]
COME_AND_GO = """
import sys, psycopg
from pathlib import Path
from bot.embedded import running
for _ in range(6):
    with running(Path(sys.argv[1]), durable=False) as url, psycopg.connect(url) as connection:
        connection.execute("SELECT 1")
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder nobody used yet; whatever still runs in it afterwards is stopped."""
    folder = tmp_path / "data"
    yield folder
    if (folder / "postgres").exists():
        with suppress(EmbeddedFault), running(folder, durable=False):
            pass


@pytest.fixture
def visit(data: Path) -> Iterator[Visits]:
    """Makes processes that are inside; the test decides how each of them ends."""
    inside: list[Visitor] = []

    def one_more() -> Visitor:
        inside.append(enter(data))
        return inside[-1]

    yield one_more
    for visitor in inside:
        visitor.die()


def ask(url: str, question: str) -> str:
    with psycopg.connect(url) as connection:
        return str(connection.execute(question.encode()).fetchall()[0][0])


def tell(url: str, *commands: str) -> None:
    with psycopg.connect(url) as connection:
        for command in commands:
            connection.execute(command.encode())


def server_pid(data: Path) -> int:
    return int((data / "postgres/postmaster.pid").read_text().splitlines()[0])


def socket_folder(data: Path) -> Path:
    return Path((data / "postgres/postmaster.pid").read_text().splitlines()[4])


def is_up(data: Path) -> bool:
    return (data / "postgres/postmaster.pid").exists()


def test_first_use_makes_a_checked_utf8_cluster_that_keeps_its_promises(data: Path) -> None:
    with running(data) as url:
        assert ask(url, "SHOW server_version").startswith("18.")
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SELECT format('%s %s', datlocprovider, datlocale) FROM pg_database LIMIT 1") == "b C.UTF-8"
        for setting in ("data_checksums", "fsync", "synchronous_commit", "full_page_writes"):
            assert ask(url, f"SHOW {setting}") == "on"


def test_only_this_machine_and_this_user_can_reach_it(data: Path) -> None:
    with running(data, durable=False) as url:
        assert ask(url, "SHOW listen_addresses") == ""
        rules = ask(url, "SELECT string_agg(DISTINCT type || ' ' || auth_method, ', ') FROM pg_hba_file_rules")
        assert rules == "host reject, local trust"
        assert stat.S_IMODE(socket_folder(data).stat().st_mode) == 0o700


def test_sqlalchemy_and_psycopg_take_the_same_url(data: Path) -> None:
    with running(data, durable=False) as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        engine.dispose()
        assert ask(url, "SELECT 1") == "1"


def test_a_second_start_is_quick_and_finds_what_the_first_one_kept(data: Path) -> None:
    with running(data) as url:
        tell(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    began = time.perf_counter()
    with running(data) as url:
        seconds = time.perf_counter() - began
        assert ask(url, "SELECT answer FROM kept") == "42"
    assert seconds < 1


def test_it_stops_with_its_last_user_and_not_before(data: Path, visit: Visits) -> None:
    first = visit()
    second = visit()
    folder = socket_folder(data)
    assert second.url == first.url
    first.leave()
    assert ask(second.url, "SELECT 1") == "1"
    second.leave()
    assert not is_up(data)
    assert not folder.exists()


def test_the_last_user_does_not_wait_for_forgotten_connections(data: Path) -> None:
    with running(data, durable=False) as url:
        forgotten = psycopg.connect(url)
        forgotten.execute("SELECT 1")
    assert not is_up(data)
    forgotten.close()


def test_control_c_of_the_process_that_started_it_leaves_it_to_the_others(data: Path, visit: Visits) -> None:
    first = visit()
    second = visit()
    first.interrupt()
    assert ask(second.url, "SELECT 1") == "1"
    second.leave()
    assert not is_up(data)


def test_a_killed_user_is_joined_by_the_next_one_and_counts_no_more(data: Path, visit: Visits) -> None:
    first = visit()
    tell(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    pid = server_pid(data)
    first.die()
    second = visit()
    assert server_pid(data) == pid
    assert ask(second.url, "SELECT answer FROM kept") == "42"
    second.leave()
    assert not is_up(data)


def test_a_killed_server_recovers_with_everything_committed_while_others_are_inside(data: Path, visit: Visits) -> None:
    witness = visit()
    tell(witness.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed = server_pid(data)
    os.kill(killed, signal.SIGKILL)
    second = visit()
    assert server_pid(data) != killed
    assert ask(second.url, "SELECT answer FROM kept") == "42"
    second.leave()
    assert is_up(data)
    witness.leave()
    assert not is_up(data)


def test_a_killed_server_is_revived_for_those_inside_and_for_nobody_else(data: Path, visit: Visits) -> None:
    witness = visit()
    tell(witness.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert not revive(data)
    os.kill(server_pid(data), signal.SIGKILL)
    eventually(lambda: revive(data), "its last process to be gone")
    second = visit()
    assert ask(second.url, "SELECT answer FROM kept") == "42"
    second.leave()
    witness.leave()
    assert not revive(data)
    assert not is_up(data)


def test_where_the_files_are_gone_nothing_new_is_made_in_their_place(data: Path, visit: Visits) -> None:
    visit()
    os.kill(server_pid(data), signal.SIGKILL)
    (data / "postgres").rename(data / "moved")
    with pytest.raises(EmbeddedFault, match="not there any more: put it back, or stop kpibot"):
        revive(data)
    assert not (data / "postgres").exists()
    (data / "moved").rename(data / "postgres")


def test_a_stale_pid_file_that_names_somebody_elses_process_is_set_aside(data: Path, visit: Visits) -> None:
    visitor = visit()
    owner = (data / "postgres").stat().st_uid
    left = (data / "postgres/postmaster.pid").read_text().splitlines()
    os.kill(server_pid(data), signal.SIGKILL)
    visitor.die()
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, user=owner if as_root else None) as bystander:
        (data / "postgres/postmaster.pid").write_text("\n".join([str(bystander.pid), *left[1:], ""]))
        with running(data, durable=False) as url:
            assert ask(url, "SELECT 1") == "1"
        assert bystander.poll() is None


def test_processes_that_come_and_go_at_once_never_miss_it(data: Path) -> None:
    crowd = [python(COME_AND_GO, data) for _ in range(4)]
    complaints = [process.communicate()[1] for process in crowd]
    assert complaints == [""] * 4
    assert not is_up(data)


@pytest.mark.parametrize("name", ["two words", "Größe – 数据", "$HOME 'single' \"double\" %s \\", "long" * 40])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    with running(tmp_path / name, durable=False) as url:
        assert ask(url, "SELECT 1") == "1"
    assert (tmp_path / name / "postgres/PG_VERSION").exists()


def test_every_test_gets_an_empty_database_of_its_own(database_url: str) -> None:
    tell(database_url, "CREATE TABLE proof ()")
    assert ask(database_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "1"
