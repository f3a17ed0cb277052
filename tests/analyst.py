"""Whoever reads the workspace with a tool of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import make_url

from bot.clock import utc_now
from kpi.services.reporting import Reporting
from kpi.store.store import Store

Row = dict[str, Any]


@dataclass(frozen=True)
class Analyst:
    """Connected as the role that `kpibot reporting enable` makes."""

    connection: psycopg.Connection[Row]
    role: str

    def read(self, question: str) -> list[Row]:
        with self.connection.transaction():
            return self.connection.execute(question.encode()).fetchall()

    def everything(self, view: str) -> list[Row]:
        return self.read(f"SELECT * FROM {view}")  # noqa: S608 a name from the catalog

    def one(self, question: str) -> Any:
        """The one cell of the one row."""
        ((cell,),) = [row.values() for row in self.read(question)]
        return cell

    def refused(self, attempt: str) -> str:
        """Why the server does not do this, even to one who lifts the session's guards; "" when it does."""
        try:
            with self.connection.transaction(force_rollback=True):
                self.connection.execute("SET TRANSACTION READ WRITE")
                self.connection.execute(attempt.encode())
        except psycopg.Error as fault:
            return str(fault.diag.message_primary)
        return ""


@contextmanager
def analyst(store: Store) -> Iterator[Analyst]:
    """One with a role of their own, which is removed afterwards."""
    reporting, role = Reporting(store, utc_now), f"reader_{uuid4().hex[:12]}"
    access = reporting.enable(role, None, "a test")
    try:
        with as_role(store, role, access.password) as connection:
            yield Analyst(connection, role)
    finally:
        reporting.disable(role, "a test")


def as_role(store: Store, role: str, password: str) -> psycopg.Connection[Row]:
    """A connection to the store's database as somebody else."""
    address = make_url(store.engine.url).set(drivername="postgresql", username=role, password=None).render_as_string()
    return psycopg.connect(address, password=password, autocommit=True, row_factory=dict_row)


VIEWS = """
SELECT c.relname AS view, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
    obj_description(c.oid, 'pg_class') AS about, col_description(c.oid, a.attnum) AS holds
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'reporting'::regnamespace AND a.attnum > 0 ORDER BY c.relname, a.attnum
"""
"""Every column of every view, as the catalog describes it."""
