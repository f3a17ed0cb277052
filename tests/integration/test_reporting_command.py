"""`kpibot reporting` as an operator calls it."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import create_engine, make_url
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.clock import utc_now
from bot.embedded import running
from kpi.errors import KpiError
from kpi.services.reporting import Reporting
from kpi.store.schema import migrate
from kpi.store.store import Store, open_store
from tests.analyst import as_role

GIVEN = "correct horse battery"


@pytest.fixture(autouse=True)
def desk(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", migrated_url), ("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def role(store: Store) -> Iterator[str]:
    """A name of this test's own: roles belong to the whole server."""
    name = f"reader_{uuid4().hex[:12]}"
    yield name
    with psycopg.connect(store.engine.url.render_as_string(hide_password=False)) as owner:
        owner.execute(f"DROP OWNED BY {name}; DROP ROLE {name}".encode())


def call(*words: str, given: str = "") -> Result:
    ended = CliRunner().invoke(cli, ["reporting", *words], input=given, env={"COLUMNS": "200"})
    assert ended.exception is None or isinstance(ended.exception, KpiError), ended.exception
    return ended


def told(ended: Result) -> dict[str, str]:
    """What stands behind each word in front of the columns."""
    lines = (line.strip().split(None, 1) for line in ended.stdout.splitlines()[1:])
    return dict(lines)


def test_it_prints_what_a_tool_asks_for_and_the_password_once(store: Store, role: str) -> None:
    ended = call("enable", "--role", role)
    shown, password = told(ended), told(ended)["Password"].split()[0]
    assert list(shown) == ["Host", "Port", "Database", "Schema", "User", "Password"]
    assert (shown["Database"], shown["Schema"], shown["User"]) == (
        make_url(store.engine.url).database,
        "reporting",
        role,
    )
    with as_role(store, role, password) as connection:
        assert connection.execute("SELECT currency FROM workspace").fetchall() == [{"currency": "EUR"}]


def test_the_zone_and_currency_of_the_configuration_are_those_of_the_views(store: Store, role: str, desk: Path) -> None:
    (desk / "config" / "workspace.yaml").write_text("timezone: America/New_York\ncurrency: USD\n")
    password = json.loads(call("enable", "--role", role, "--json").stdout)["password"]
    with as_role(store, role, password) as connection:
        (row,) = connection.execute("SELECT timezone, currency FROM workspace").fetchall()
    assert row == {"timezone": "America/New_York", "currency": "USD"}


@pytest.mark.parametrize("place", ["-", "password.txt"])
def test_a_password_that_was_given_is_taken_and_not_printed(store: Store, role: str, desk: Path, place: str) -> None:
    (desk / "password.txt").write_text(f"{GIVEN}\n")
    ended = call("enable", "--role", role, "--password-file", place, given=f"{GIVEN}\nmore\n")
    assert GIVEN not in ended.output
    assert told(ended)["Password"] == "as given"
    document = call("enable", "--role", role, "--password-file", place, "--json", given=GIVEN).stdout
    assert json.loads(document)["password"] is None
    as_role(store, role, GIVEN).close()


def test_a_password_file_that_cannot_be_read_is_named() -> None:
    assert "cannot be read from nowhere: No such file" in str(call("enable", "--password-file", "nowhere").exception)


def test_disabling_removes_the_role_and_says_so(store: Store) -> None:
    name = f"reader_{uuid4().hex[:12]}"
    call("enable", "--role", name)
    assert call("disable", "--role", name).stdout.strip() == f"The role {name} is gone."
    assert str(call("disable", "--role", name).exception) == f"There is no role {name} to remove."


def test_what_everybody_may_read_is_said_beside_it(store: Store, role: str) -> None:
    with store.transaction() as tx:
        tx.connection.exec_driver_sql("CREATE TABLE notices (words text); GRANT SELECT ON notices TO PUBLIC")
    assert "it may too: public.notices. REVOKE that FROM PUBLIC" in call("enable", "--role", role).stderr


def test_with_the_bundled_server_closed_it_says_how_to_open_it(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    desk.chmod(0o711)
    ended = call("enable")
    assert (told(ended)["Host"], told(ended)["Port"]) == ("none", "none")
    assert "Set KPIBOT_POSTGRES_PORT=5433 wherever kpibot is started" in ended.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    monkeypatch.setenv("KPIBOT_POSTGRES_PORT", str(port))
    shown = json.loads(call("enable", "--json").stdout)
    assert (shown["host"], shown["port"], shown["closed"]) == ("127.0.0.1", port, None)


def test_the_password_is_in_no_log_of_the_server_that_logs_every_statement(tmp_path: Path) -> None:
    data = tmp_path / "data"
    tmp_path.chmod(0o711)
    with running(data, durable=False) as url:
        engine = create_engine(url, connect_args={"options": "-c log_statement=all"})
        migrate(engine)
        Reporting(open_store(engine, datetime(2026, 1, 1, tzinfo=UTC)), utc_now).enable(
            "kpibot_reader", GIVEN, "a test"
        )
        engine.dispose()
    log = (data / "postgres.log").read_text()
    assert 'CREATE ROLE "kpibot_reader"' in log
    assert GIVEN not in log
