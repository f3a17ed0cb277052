"""The database gives up in the middle of a file, or somebody reads where the file is to go."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import Table, create_engine, select, text

from kpi.errors import KpiError
from kpi.records.rows import Rows
from kpi.services.intake import Mode
from kpi.store import tables
from kpi.store.intake import PLANS, keys
from kpi.store.store import Store
from tests.sheets import Pages, intake, stored

DAYS = [{"account": "acme", "day": f"2026-01-{day:02}", "metric": "m", "value": "1"} for day in range(1, 29)]
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"


@dataclass(frozen=True)
class Disturbed(Pages):
    """A file in whose middle the database does `what` to whoever loads it."""

    store: Store | None = None
    what: str = ""

    def batches(self) -> Iterator[Rows]:
        for number, rows in enumerate(super().batches()):
            if number == 5 and self.store:
                with self.store.transaction() as tx:
                    assert tx.rows(text(f"SELECT {self.what}(pid) {_OTHERS}"))
            yield rows


@pytest.fixture
def acme(store: Store) -> Store:
    intake(store).take([Pages("accounts", [{"account": "acme", "name": "ACME"}])], Mode())
    return store


@pytest.mark.parametrize("what", ["pg_cancel_backend", "pg_terminate_backend"])
@pytest.mark.parametrize("heft", [0, 100_000_000])
def test_a_database_that_gives_up_within_a_file_is_said_and_the_file_comes_in_the_next_time(
    acme: Store, what: str, heft: int
) -> None:
    before = stored(acme)
    with pytest.raises(KpiError, match="database cannot be reached just now; nothing was changed"):
        intake(acme).take([Disturbed("usage", DAYS, 2, heft=heft, store=acme, what=what)], Mode())
    assert stored(acme) == before
    assert intake(acme).take([Pages("usage", DAYS, heft=heft)], Mode())[0].new == len(DAYS)


@pytest.fixture
def clerk(acme: Store) -> Iterator[Store]:
    """The same under a role that may write all rows, and owns no table."""
    with acme.transaction() as tx:
        if not tx.value(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
            pytest.skip("only a superuser can play another role")
        tx.run(text("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO pg_monitor"))
    engine = create_engine(acme.engine.url, connect_args={"options": "-c role=pg_monitor"})
    yield Store(engine, acme.workspace_id)
    engine.dispose()


@pytest.mark.parametrize("heft", [0, 100_000_000])
def test_a_role_that_owns_no_table_loads_files_too(clerk: Store, heft: int) -> None:
    rows = [{**row, "metric": f"m{number}"} for row in DAYS for number in range(200)]
    assert intake(clerk).take([Pages("usage", rows, heft=heft)], Mode())[0].new == len(rows)


@pytest.mark.parametrize("heft", [0, 100_000_000])
@pytest.mark.parametrize("table", [tables.usage_day, tables.account], ids=lambda table: table.name)
def test_whoever_reads_for_long_where_a_file_goes_holds_up_no_file_and_no_client_behind_it(
    acme: Store, table: Table, heft: int
) -> None:
    with ThreadPoolExecutor(1) as pool, acme.transaction() as reader:
        reader.rows(select(table))
        rows = [{**row, "metric": f"m{number}"} for row in DAYS for number in range(200)]
        running = pool.submit(intake(acme).take, [Pages("usage", rows, heft=heft)], Mode())
        try:
            assert running.result(20)[0].new == len(rows)
        except TimeoutError:
            pytest.fail("the file waits")
        finally:
            reader.connection.rollback()


_CATALOGUE = """
    SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS told FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY told
"""


def test_keys_and_indexes_that_are_set_aside_come_back_as_they_were(store: Store) -> None:
    with store.transaction() as tx:
        before = tx.rows(text(_CATALOGUE))
        for plan in PLANS.values():
            with keys.set_aside(tx, plan.table):
                assert len(tx.rows(text(_CATALOGUE))) < len(before)
        assert tx.rows(text(_CATALOGUE)) == before
