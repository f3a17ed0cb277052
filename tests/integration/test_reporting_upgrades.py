"""The views follow the tables and this program's version; who may read them goes on reading."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from bot.clock import utc_now
from kpi.errors import KpiError
from kpi.services.reporting import Reporting
from kpi.store.reporting import views
from kpi.store.schema import head, migrate
from kpi.store.store import Store, open_store
from tests.analyst import Analyst, analyst


@pytest.fixture
def reader(store: Store) -> Iterator[Analyst]:
    with analyst(store) as found:
        yield found


def run(store: Store, *statements: str) -> None:
    with store.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def said(store: Store) -> str:
    with store.engine.connect() as connection:
        return str(connection.scalar(text("SELECT obj_description('reporting'::regnamespace, 'pg_namespace')")))


def age(store: Store) -> None:
    """Have the views be those of an older version: one lacks a column, one is gone since."""
    mark = said(store)
    run(
        store,
        f"COMMENT ON SCHEMA reporting IS '{mark[:-12]}older'",
        "DROP VIEW reporting.usage",
        "CREATE VIEW reporting.usage AS SELECT day FROM usage_day",
        "CREATE VIEW reporting.forgotten AS SELECT day FROM usage_day",
    )


def oid(store: Store) -> int:
    with store.engine.connect() as connection:
        return int(connection.scalar(text("SELECT 'reporting.usage'::regclass::oid::bigint")) or 0)


def test_an_upgrade_makes_them_anew_and_readers_go_on_reading(store: Store, reader: Analyst) -> None:
    age(store)
    migrate(store.engine)
    assert reader.read("SELECT metric FROM usage") == []
    assert "does not exist" in reader.refused("SELECT * FROM forgotten")
    assert "permission denied" in reader.refused("SELECT * FROM public.usage_day")


def test_with_nothing_new_they_are_left_alone(store: Store) -> None:
    before = oid(store)
    migrate(store.engine)
    assert oid(store) == before


def test_a_table_they_show_can_be_changed_by_a_revision(store: Store) -> None:
    with store.engine.begin() as connection:
        views.drop(connection)
        connection.exec_driver_sql("ALTER TABLE offer ALTER COLUMN kind TYPE varchar(40)")
        assert views.refresh(connection)
    with analyst(store) as reader:
        assert reader.read("SELECT kind FROM offers") == []


def test_views_of_others_that_stand_on_ours_stop_the_upgrade_with_their_names(store: Store) -> None:
    run(store, "CREATE VIEW public.board AS SELECT account FROM reporting.accounts")
    age(store)
    with pytest.raises(KpiError, match=r"view board depends on view reporting\.accounts.*run `kpibot migrate`"):
        migrate(store.engine)
    run(store, "DROP VIEW public.board")
    assert migrate(store.engine) == (head(), head())
    assert oid(store)


@pytest.fixture
def lesser(database_url: str) -> Iterator[Engine]:
    """An empty database in which our role may make tables, but no schemas and no roles."""
    role = f"app_{uuid4().hex[:12]}"
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'app'; GRANT CREATE ON SCHEMA public TO {role}".encode())
        address = make_url(database_url).set(username=role, password="app").render_as_string(hide_password=False)
        engine = create_engine(address, poolclass=NullPool)
        yield engine
        engine.dispose()
        owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def enable(engine: Engine) -> None:
    Reporting(open_store(engine, utc_now()), utc_now).enable("kpibot_reader", None, "a test")


def test_where_our_role_may_make_no_schema_the_bot_does_without_and_says_what_to_have_run(
    lesser: Engine, database_url: str
) -> None:
    assert migrate(lesser) == (None, head())
    role = make_url(lesser.url).username
    with pytest.raises(KpiError, match=f'have somebody who may run CREATE SCHEMA reporting AUTHORIZATION "{role}"'):
        enable(lesser)
    with psycopg.connect(database_url) as owner:
        owner.execute(f"CREATE SCHEMA reporting AUTHORIZATION {role}".encode())
    with pytest.raises(KpiError, match="may not make roles") as refusal:
        enable(lesser)
    statements = str(refusal.value).partition("of your own: ")[2].replace("…", "correct horse battery")
    statements = statements.replace("kpibot_reader", f"{role}_reader")
    with psycopg.connect(database_url) as owner:
        owner.execute(statements.encode())
        owner.execute(f"SET ROLE {role}_reader".encode())
        owner.execute("SELECT * FROM reporting.accounts; RESET ROLE")
        owner.execute(f"DROP OWNED BY {role}_reader; DROP ROLE {role}_reader".encode())


def test_a_schema_of_that_name_that_somebody_else_uses_is_left_alone(database_url: str) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA reporting; CREATE TABLE reporting.accounts (theirs text)")
    assert migrate(engine) == (None, head())
    with engine.begin() as connection:
        assert connection.execute(text("SELECT theirs FROM reporting.accounts")).all() == []
    with pytest.raises(KpiError, match="The views are not there"):
        enable(engine)
    engine.dispose()
