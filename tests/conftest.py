"""What every test may ask for: a real PostgreSQL, started once, and a database of its own in it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import Engine, NullPool, create_engine, insert, make_url

from bot.embedded import running
from kpi.store.schema import migrate
from kpi.store.store import Store, open_store
from kpi.store.tables import workspace
from tests.sayable import queue_is_sayable

# Time limits belong to whole tests: the first example also pays for importing what it needs.
settings.register_profile("kpibot", deadline=None)
settings.load_profile("kpibot")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """One server for all tests: KPIBOT_TEST_DATABASE_URL if set (its role may create databases), else our own."""
    if given := os.environ.get("KPIBOT_TEST_DATABASE_URL"):
        yield given
        return
    data = Path(tempfile.mkdtemp(prefix="kpibot-tests-"))
    data.chmod(0o711)
    try:
        with running(data, durable=False) as url:
            yield url
    finally:
        shutil.rmtree(data)


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """An empty database of this test's own."""
    with new_database(postgres_url, template="template0") as url:
        yield url


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> Iterator[str]:
    """The name of a database that holds the newest tables and nothing else."""
    with new_database(postgres_url, template="template0") as url:
        engine = create_engine(url, poolclass=NullPool)
        migrate(engine)
        engine.dispose()
        yield str(make_url(url).database)


@pytest.fixture
def migrated_url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """A database of this test's own with the newest tables."""
    with new_database(postgres_url, template=migrated_template) as url:
        yield url


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    """An empty workspace of this test's own."""
    engine = create_engine(migrated_url, pool_size=20)
    opened = open_store(engine, datetime(2026, 1, 1, tzinfo=UTC))
    yield opened
    queue_is_sayable(engine, opened.workspace_id)
    engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    """Connections to one migrated database in which many tests have a workspace each."""
    with new_database(postgres_url, template=migrated_template) as url:
        engine = create_engine(url, pool_size=20)
        yield engine
        engine.dispose()


@pytest.fixture
def tenant(shared_engine: Engine) -> Iterator[Store]:
    """An empty workspace of this test's own among those of other tests: quick, and fences between them are tested."""
    with shared_engine.begin() as connection:
        made = insert(workspace).values(name="workspace", created_at=datetime(2026, 1, 1, tzinfo=UTC))
        workspace_id = connection.execute(made.returning(workspace.c.workspace_id)).scalar_one()
    yield Store(shared_engine, workspace_id)
    queue_is_sayable(shared_engine, workspace_id)


@contextmanager
def new_database(server_url: str, *, template: str) -> Iterator[str]:
    """A copy of `template` under a name of its own, dropped afterwards whoever is still connected to it."""
    server = make_url(server_url).set(drivername="postgresql")
    name = f"kpibot_test_{uuid4().hex}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
