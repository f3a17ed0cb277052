"""The tables come up whole or not at all, match the code, and refuse what must never be stored."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Engine, NullPool, Table, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from kpi.errors import KpiError
from kpi.store import tables
from kpi.store.schema import StaleSchema, head, migrate, require_current
from kpi.store.store import Record, Store, Unreachable
from tests.agency import Agency

MIGRATE = """
import sys
from sqlalchemy import create_engine
from kpi.store.schema import migrate
print("begun", flush=True)
migrate(create_engine(sys.argv[1]))
"""
AT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def agency(store: Store) -> Agency:
    return Agency(store)


def migrating(url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", MIGRATE, url], stdout=subprocess.PIPE, text=True)


def table_names(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def set_version(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE kpibot_schema SET version_num = :version"), {"version": version})


def test_an_empty_database_gets_every_table(engine: Engine) -> None:
    assert migrate(engine) == (None, head())
    assert set(tables.metadata.tables) | {"procrastinate_jobs", "kpibot_schema"} <= table_names(engine)
    require_current(engine)


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    assert migrate(engine) == (head(), head())


def test_four_processes_that_start_together_all_come_up(engine: Engine, database_url: str) -> None:
    started = [migrating(database_url) for _ in range(4)]
    for process in started:
        process.communicate(timeout=60)
    assert [process.returncode for process in started] == [0, 0, 0, 0]
    require_current(engine)


def test_a_migration_killed_half_way_leaves_nothing_and_locks_nobody_out(engine: Engine, database_url: str) -> None:
    with psycopg.connect(database_url) as obstacle:
        # A table of this name that is not committed yet holds up the second revision, after the first one ran.
        obstacle.execute("CREATE TABLE procrastinate_jobs ()")
        with migrating(database_url) as victim:
            wait_until_blocked(database_url)
            victim.kill()
        obstacle.rollback()
    assert table_names(engine) == set()
    assert migrate(engine) == (None, head())


def wait_until_blocked(url: str) -> None:
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with psycopg.connect(url, autocommit=True) as watcher:
        while watcher.execute(blocked).fetchone() != (1,):
            watcher.execute("SELECT pg_sleep(0.02)")


def test_the_migrated_database_is_what_the_code_says_it_is(migrated_url: str) -> None:
    engine = create_engine(migrated_url, poolclass=NullPool)
    with engine.connect() as connection:
        assert compare_metadata(comparison(connection), tables.metadata) == []
        for name, table in tables.metadata.tables.items():
            there = {check["name"] for check in inspect(connection).get_check_constraints(name)}
            assert there == {check.name for check in table.constraints if isinstance(check, CheckConstraint)}, name


def comparison(connection: Connection) -> MigrationContext:
    def ours(name: str | None, kind: str, _parents: Any) -> bool:
        return not (kind == "table" and (name or "").startswith(("procrastinate_", "kpibot_schema")))

    return MigrationContext.configure(connection, opts={"include_name": ours, "compare_server_default": True})


def test_a_database_without_tables_is_refused_with_the_command_that_mends_it(engine: Engine) -> None:
    with pytest.raises(StaleSchema, match=rf"version none, this kpibot needs {head()}: run `kpibot migrate`"):
        require_current(engine)


def test_an_older_version_is_refused_until_it_is_migrated(engine: Engine) -> None:
    migrate(engine)
    set_version(engine, "0001")
    with pytest.raises(StaleSchema, match=r"version 0001, this kpibot needs .* run `kpibot migrate`"):
        require_current(engine)


@pytest.mark.parametrize("version", ["9999", "0001a", "from_a_branch"])
def test_a_newer_version_is_neither_used_nor_migrated(engine: Engine, version: str) -> None:
    migrate(engine)
    set_version(engine, version)
    for attempt in (require_current, migrate):
        with pytest.raises(StaleSchema, match=f"version {version}, newer than this kpibot's .* run the newer kpibot"):
            attempt(engine)


@pytest.mark.parametrize("version", [(14, 19), (9, 6, 24)])
def test_a_postgresql_too_old_is_refused_before_anything_is_made(engine: Engine, version: tuple[int, ...]) -> None:
    with engine.connect():
        engine.dialect.server_version_info = version  # what the server says it is
    with pytest.raises(KpiError, match=rf"PostgreSQL {version[0]}\.{version[1]}.*PostgreSQL 15 or newer"):
        migrate(engine)
    assert table_names(engine) == set()


def test_a_database_that_is_away_is_said_in_a_sentence() -> None:
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    for attempt in (require_current, migrate):
        with pytest.raises(Unreachable, match="cannot be reached"):
            attempt(away)


def refused(agency: Agency, table: Table, **values: Any) -> str:
    """The kind of constraint that refuses the row, "" when it is taken."""
    try:
        agency.row(table, **values)
    except IntegrityError as fault:
        return type(fault.orig).__name__
    return ""


def reply(agency: Agency, **more: Any) -> Record:
    usual = {"account_id": agency.acme, "instrument": "csat", "respondent": "U0CARLA", "score": 5}
    return {**usual, **dict.fromkeys(("answered_at", "edited_at", "recorded_at"), AT), **more}


def survey(agency: Agency, **more: Any) -> Record:
    words = {"token": "t", "instrument": "csat", "wording_version": "1", "locale": "en", "state": "scheduled"}
    return {"account_id": agency.acme, **words, "recorded_at": AT, **more}


@pytest.mark.parametrize(("instrument", "lowest", "highest"), [("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7)])
def test_scores_off_the_scale_are_refused(agency: Agency, instrument: str, lowest: int, highest: int) -> None:
    for score, verdict in [
        (lowest - 1, "CheckViolation"),
        (lowest, ""),
        (highest, ""),
        (highest + 1, "CheckViolation"),
    ]:
        row = reply(agency, instrument=instrument, score=score)
        assert refused(agency, tables.reply, **row) == verdict, score


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "forgotten"},
        {"instrument": "stars"},
        {"place": "pigeon"},
        {"state": "suppressed"},
        {"state": "cancelled"},
        {"state": "failed"},
        {"state": "posted"},
        {"state": "answered"},
        {"state": "expired"},
    ],
    ids=str,
)
def test_surveys_in_a_state_that_cannot_be_are_refused(agency: Agency, wrong: Record) -> None:
    assert refused(agency, tables.survey, **survey(agency, **wrong)) == "CheckViolation"


@pytest.mark.parametrize("fine", [{}, {"state": "suppressed", "reason": "floor"}, {"state": "posted", "posted_at": AT}])
def test_surveys_with_their_reason_and_time_are_taken(agency: Agency, fine: Record) -> None:
    assert refused(agency, tables.survey, **survey(agency, **fine)) == ""


@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"kind": "poem"}, {"audience": "everyone"}], ids=str)
def test_deliveries_of_unknown_words_are_refused(agency: Agency, wrong: Record) -> None:
    usual = {"kind": "survey", "audience": "client", "method": "m", "channel_id": "C", "payload": {}, "dedupe_key": "k"}
    assert refused(agency, tables.delivery, **{**usual, "created_at": AT, **wrong}) == "CheckViolation"


def test_a_response_before_its_question_is_refused(agency: Agency) -> None:
    opened = {"key": "e", "account_id": agency.acme, "opened_at": AT, "recorded_at": AT}
    assert refused(agency, tables.episode, **opened, first_response_at=AT - timedelta(seconds=1)) == "CheckViolation"


def test_one_person_has_one_reply_to_a_survey(agency: Agency) -> None:
    survey_id = agency.row(tables.survey, **survey(agency))["survey_id"]
    assert refused(agency, tables.reply, **reply(agency, survey_id=survey_id)) == ""
    assert refused(agency, tables.reply, **reply(agency, survey_id=survey_id, score=4)) == "UniqueViolation"


def test_nothing_can_point_into_another_workspace(agency: Agency) -> None:
    survey_id = agency.row(tables.survey, **survey(agency))["survey_id"]
    with agency.store.transaction() as tx:
        tx.run(tables.workspace.insert().values(workspace_id=2, name="other", created_at=AT))
    other = Agency(Store(agency.store.engine, 2))
    assert refused(other, tables.reply, **reply(other)) == ""
    assert refused(other, tables.reply, **reply(agency)) == "ForeignKeyViolation"
    assert refused(other, tables.reply, **reply(other, survey_id=survey_id)) == "ForeignKeyViolation"


def test_an_instant_without_a_zone_is_refused(agency: Agency) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        agency.row(tables.reply, **reply(agency, answered_at=datetime(2026, 9, 1)))  # noqa: DTZ001 the fault itself


def test_a_row_of_an_account_nobody_knows_is_refused(agency: Agency) -> None:
    assert refused(agency, tables.reply, **reply(agency, account_id=999)) == "ForeignKeyViolation"
