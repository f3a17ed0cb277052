"""The bundled PostgreSQL opens to tools on this machine when it is told to, and only to roles with a password."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine

from bot.clock import utc_now
from bot.embedded import EmbeddedFault, running
from kpi.services.reporting import Reporting
from kpi.store.reporting.reader import Address
from kpi.store.schema import migrate
from kpi.store.store import Store, open_store
from tests.visitors import visit

PASSWORD = "correct horse battery"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder nobody used yet; whatever still runs in it afterwards is stopped."""
    yield tmp_path / "data"
    with suppress(EmbeddedFault), running(tmp_path / "data", durable=False):
        pass


@pytest.fixture
def port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def opened(url: str) -> Store:
    engine = create_engine(url)
    migrate(engine)
    return open_store(engine, datetime(2026, 1, 1, tzinfo=UTC))


def knock(port: int, user: str, password: str, database: str = "postgres") -> str:
    """What a tool on this machine hears; "" when it is let in."""
    try:
        psycopg.connect(host="127.0.0.1", port=port, user=user, password=password, dbname=database).close()
    except psycopg.OperationalError as fault:
        return str(fault)
    return ""


def test_with_a_port_an_analyst_comes_in_by_password_and_nobody_else_does(data: Path, port: int) -> None:
    with running(data, durable=False, port=port) as url:
        store = opened(url)
        access = Reporting(store, utc_now).enable("kpibot_reader", PASSWORD, "a test")
        assert access.address == Address("127.0.0.1", port, "postgres")
        assert knock(port, "kpibot_reader", PASSWORD) == ""
        assert "password authentication failed" in knock(port, "kpibot_reader", "wrong")
        assert "rejects connection" in knock(port, "postgres", "")
        assert "no pg_hba.conf entry" in knock(port, "kpibot_reader", PASSWORD, "template1")
        Reporting(store, utc_now).disable("kpibot_reader", "a test")
        assert "password authentication failed" in knock(port, "kpibot_reader", PASSWORD)
        store.engine.dispose()


def test_other_processes_find_the_socket_whatever_port_the_first_one_chose(data: Path, port: int) -> None:
    with running(data, durable=False, port=port) as url:
        second = visit(data)
        assert second.url == url
        second.leave()


def test_without_one_it_stays_closed_and_says_so(data: Path, port: int) -> None:
    with running(data, durable=False, port=port):
        pass
    with running(data, durable=False) as url:
        store = opened(url)
        assert Reporting(store, utc_now).enable("kpibot_reader", PASSWORD, "a test").address.host is None
        assert "Connection refused" in knock(port, "kpibot_reader", PASSWORD)
        store.engine.dispose()


def test_a_port_that_is_taken_is_named(data: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(EmbeddedFault, match=f"KPIBOT_POSTGRES_PORT={port}"), running(data, port=port):
            pass
