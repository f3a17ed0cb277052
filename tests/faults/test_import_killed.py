"""`kpibot import` killed with -9 wherever it is: no file half-written, and run again it goes on and ends alike."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine

from kpi.store.store import Store, open_store
from tests.conftest import new_database
from tests.forked import Forked, called, command, forked
from tests.sheets import stored

POINTS = ("account_term", "usage_day", "reply", "source_state")
BLOCKED = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio") / "files"
    words = ("sample", str(folder), "--accounts", "12", "--months", "2", "--seed", "7", "--until", "2026-11-01")
    assert called(os.environ, folder.parent, *words).returncode == 0
    return folder


def importing(url: str, files: Path) -> Forked:
    return forked(command, {**os.environ, "DATABASE_URL": url}, files.parent, "import", str(files), "--json")


def finished(url: str, files: Path) -> dict[str, str]:
    """Import to the end: what became of each file."""
    process = importing(url, files)
    assert process.wait(60) == 0, process.errors.read_text()
    return {file["entity"]: file["fate"] for file in json.loads(process.said.read_text())["files"]}


@contextmanager
def opened(url: str) -> Iterator[Store]:
    engine: Engine = create_engine(url)
    try:
        yield open_store(engine, datetime(2026, 1, 1, tzinfo=UTC))
    finally:
        engine.dispose()


def killed_before(url: str, table: str, files: Path) -> None:
    """Start an import, kill it when it comes to a table, and wait until the database has noticed."""
    with psycopg.connect(url, autocommit=True) as watcher:
        with psycopg.connect(url) as obstacle:
            obstacle.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
            victim = importing(url, files)
            while watcher.execute(BLOCKED).fetchone() is None:
                assert victim.poll() is None, "it ended before it came to the table"
                watcher.execute("SELECT pg_sleep(0.02)")
            victim.kill()
            victim.wait()
        while watcher.execute(OTHERS).fetchone() != (0,):
            watcher.execute("SELECT pg_sleep(0.02)")


@pytest.mark.timeout(240)
def test_an_import_killed_at_every_turn_leaves_whole_files_and_ends_like_one_that_was_not(
    migrated_url: str, postgres_url: str, migrated_template: str, files: Path
) -> None:
    with new_database(postgres_url, template=migrated_template) as other_url:
        finished(other_url, files)
        with opened(other_url) as other:
            whole = stored(other)
    for table in POINTS:
        killed_before(migrated_url, table, files)
        with opened(migrated_url) as store:
            for name, rows in stored(store).items():
                assert not rows or name == "account_day" or rows == whole[name], (table, name)
    fates = finished(migrated_url, files)
    assert "resumed" in fates.values()
    with opened(migrated_url) as store:
        assert stored(store) == whole
    assert set(finished(migrated_url, files).values()) == {"written"}
