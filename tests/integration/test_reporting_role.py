"""The role of analysts reads the views of the schema reporting, and nothing else whatever it tries."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url, text

from bot.clock import utc_now
from kpi.errors import KpiError, UnknownWord
from kpi.services.reporting import Reporting
from kpi.store import tables
from kpi.store.store import Store
from tests.analyst import VIEWS, Analyst, analyst, as_role
from tests.sheets import fill

RELATIONS = """
SELECT format('%I.%I', nspname, relname) AS name, relkind AS kind FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'public' AND relkind IN ('r', 'p', 'v', 'S')
"""
CHANGES = ("DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES")
FUNCTIONS = """
SELECT format('%I(%s)', proname, (
    SELECT string_agg('NULL::' || format_type(type, NULL), ', ') FROM unnest(proargtypes) type
))
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype
"""


@pytest.fixture
def reader(store: Store) -> Iterator[Analyst]:
    fill(store)
    with analyst(store) as found:
        yield found


def test_it_reads_every_view_by_its_short_name(reader: Analyst) -> None:
    views = {row["view"] for row in reader.read(VIEWS)}
    filled = {view for view in views if reader.everything(view)}
    assert views - filled == {"digests", "kpi_definitions", "kpi_values", "targets"}
    assert len(filled) == 14


def test_no_table_view_or_sequence_beside_them_can_be_read_or_changed(reader: Analyst, store: Store) -> None:
    with psycopg.connect(store.engine.url.render_as_string(hide_password=False)) as owner:
        found = owner.execute(RELATIONS).fetchall()
    names = {str(name) for name, _ in found}
    assert {f"public.{name}" for name in tables.metadata.tables} | {"public.procrastinate_jobs"} < names
    for name, kind in found:
        for attempt in ("SELECT * FROM {}", *(CHANGES if kind == "r" else ())):
            assert "permission denied" in reader.refused(attempt.format(name)), (attempt, name)


def test_the_views_cannot_be_written_through(reader: Analyst) -> None:
    assert "permission denied" in reader.refused("UPDATE workspace SET currency = 'USD'")
    for view in {row["view"] for row in reader.read(VIEWS)}:
        assert reader.refused(CHANGES[0].format(view)), view


def test_no_function_of_ours_does_anything_for_it(reader: Analyst, store: Store) -> None:
    with psycopg.connect(store.engine.url.render_as_string(hide_password=False)) as owner:
        calls = [str(call) for (call,) in owner.execute(FUNCTIONS)]
    assert len(calls) > 10
    for call in calls:
        assert reader.refused(f"SET LOCAL search_path = public; SELECT public.{call}"), call


@pytest.mark.parametrize(
    "attempt",
    [
        "CREATE TABLE mine ()",
        "CREATE TABLE public.mine ()",
        "CREATE VIEW reporting.mine AS SELECT 1",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP VIEW reporting.accounts",
        "COMMENT ON SCHEMA reporting IS 'mine'",
        "ALTER VIEW reporting.accounts OWNER TO CURRENT_USER",
        "ALTER ROLE CURRENT_USER CREATEROLE",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SET SESSION AUTHORIZATION postgres",
        "SET ROLE pg_read_all_data",
    ],
)
def test_it_makes_nothing_and_becomes_nobody(reader: Analyst, store: Store, attempt: str) -> None:
    owner = str(make_url(store.engine.url).username)
    assert reader.refused(attempt.replace("AUTHORIZATION postgres", f"AUTHORIZATION {owner}"))


def test_what_others_are_doing_in_the_database_is_hidden_from_it(reader: Analyst, store: Store) -> None:
    with store.transaction() as tx:
        tx.insert(tables.slack_event, {"event_id": "secret", "received_at": utc_now()})
        seen = reader.read("SELECT query FROM pg_stat_activity WHERE datname = current_database()")
    assert [row["query"] for row in seen if "slack_event" in row["query"]] == []


def test_its_sessions_are_read_only_and_its_questions_end(reader: Analyst) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader.read("CREATE TEMPORARY TABLE mine ()")
    assert reader.one("SHOW statement_timeout") == "5min"
    assert reader.one("SHOW idle_in_transaction_session_timeout") == "5min"


def test_enabling_again_changes_the_password_and_keeps_the_role(store: Store) -> None:
    with analyst(store) as reader:
        before = reader.one("SELECT oid FROM pg_roles WHERE rolname = current_user")
        access = Reporting(store, utc_now).enable(reader.role, None, "a test")
        with as_role(store, reader.role, access.password) as again:
            assert again.execute("SELECT oid FROM pg_roles WHERE rolname = current_user").fetchall() == [
                {"oid": before}
            ]


def test_the_password_is_made_up_strong_and_kept_by_the_server_as_a_verifier_only(store: Store) -> None:
    with analyst(store) as reader, store.transaction() as tx:
        made = Reporting(store, utc_now).enable(reader.role, None, "a test")
        kept = text("SELECT rolpassword FROM pg_authid WHERE rolname = :role")
        assert str(tx.value(kept.bindparams(role=reader.role))).startswith("SCRAM-SHA-256$")
        assert len(made.password) == 32


def test_after_disabling_an_open_session_reads_nothing_more(store: Store) -> None:
    reporting = Reporting(store, utc_now)
    access = reporting.enable("reader_soon_gone", None, "a test")
    with as_role(store, "reader_soon_gone", access.password) as connection:
        connection.execute("SELECT * FROM reporting.accounts")
        reporting.disable("reader_soon_gone", "a test")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM reporting.accounts")
    with pytest.raises(UnknownWord, match="no role reader_soon_gone"):
        reporting.disable("reader_soon_gone", "a test")


def test_a_role_that_somebody_else_made_is_neither_taken_over_nor_removed(store: Store) -> None:
    reporting, own = Reporting(store, utc_now), str(make_url(store.engine.url).username)
    with pytest.raises(KpiError, match="was not made for this database: choose another --role"):
        reporting.enable(own, None, "a test")
    with pytest.raises(KpiError, match="it stays"):
        reporting.disable(own, "a test")


@pytest.mark.parametrize("role", ["", "Reader", "pg_reader", "reader; DROP TABLE account", "9lives", "r" * 64])
def test_a_name_that_could_be_misread_is_refused(store: Store, role: str) -> None:
    with pytest.raises(KpiError, match="cannot be a role's name"):
        Reporting(store, utc_now).enable(role, None, "a test")


@pytest.mark.parametrize("password", ["", "short", "line one\nline two", "with a \0 in it"])
def test_a_weak_password_is_refused(store: Store, password: str) -> None:
    with pytest.raises(KpiError, match="at least 12 characters, on one line"):
        Reporting(store, utc_now).enable("reader_weak", password, "a test")


def test_what_everybody_may_read_is_told(store: Store) -> None:
    with store.transaction() as tx:
        tx.connection.exec_driver_sql("CREATE TABLE notices (words text); GRANT SELECT ON notices TO PUBLIC")
    with analyst(store) as reader:
        assert Reporting(store, utc_now).enable(reader.role, None, "a test").beyond == ["public.notices"]


def test_both_acts_are_noted(store: Store) -> None:
    with analyst(store) as reader:
        pass
    with store.transaction() as tx:
        noted = tx.connection.execute(tables.audit.select()).mappings().all()
    assert [(row["action"], row["subject"], row["before"], row["after"]) for row in noted] == [
        ("reporting.enable", f"role:{reader.role}", None, None),
        ("reporting.disable", f"role:{reader.role}", None, None),
    ]
