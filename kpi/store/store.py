"""The door to the database: one engine, one workspace, transactions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Executable, Table, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError, TimeoutError

from kpi.errors import KpiError
from kpi.store.tables import workspace

Record = dict[str, Any]
"""A row by column name."""


@dataclass(frozen=True, slots=True)
class Tx:
    """An open transaction of one workspace. Every statement of the topic modules goes through it."""

    connection: Connection
    workspace_id: int

    def mine(self, table: Table) -> ColumnElement[bool]:
        """The condition that keeps to this workspace's rows."""
        return table.c.workspace_id == self.workspace_id

    def rows(self, statement: Executable) -> list[Record]:
        """All rows, each by column name."""
        return [dict(row) for row in self.connection.execute(statement).mappings()]

    def row(self, statement: Executable) -> Record | None:
        """The only row, or None."""
        found = self.connection.execute(statement).mappings().one_or_none()
        return None if found is None else dict(found)

    def value(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return self.connection.execute(statement).scalar()

    def run(self, statement: Executable) -> int:
        """Execute a write; the number of rows it touched."""
        return self.connection.execute(statement).rowcount

    def insert(self, table: Table, values: Mapping[str, Any]) -> Record:
        """Insert one row; the row as stored."""
        statement = insert(table).values(workspace_id=self.workspace_id, **values).returning(*table.c)
        return dict(self.connection.execute(statement).mappings().one())

    def insert_once(self, table: Table, values: Mapping[str, Any]) -> Record | None:
        """Insert one row unless a unique key of it is taken: then None, and nothing is written."""
        statement = insert(table).values(workspace_id=self.workspace_id, **values)
        return self.row(statement.on_conflict_do_nothing().returning(*table.c))


@dataclass(frozen=True, slots=True)
class Store:
    """One workspace's rows in one database."""

    engine: Engine
    workspace_id: int

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Everything written inside happens together, or not at all when the block raises."""
        with reachable(), self.engine.begin() as connection:
            yield Tx(connection, self.workspace_id)

    def belong_to(self, team_id: str) -> None:
        """Keep to one organisation: the first to come owns the workspace, and any other raises KpiError."""
        with self.transaction() as tx:
            free = (tx.mine(workspace), workspace.c.slack_team_id.is_(None))
            tx.run(update(workspace).where(*free).values(slack_team_id=team_id))
            owner = tx.value(select(workspace.c.slack_team_id).where(tx.mine(workspace)))
        if owner != team_id:
            raise KpiError(
                f"This database holds the facts of the Slack organisation {owner}, and the token is {team_id}'s: "
                "use that organisation's token, or another database."
            )

    def count_by(self, timezone: str, currency: str) -> None:
        """Write down the zone of the workspace's days and the currency of its KPIs, for those who read its tables."""
        row = workspace.c
        other = or_(row.timezone != timezone, row.currency != currency)
        with self.transaction() as tx:
            if tx.value(select(row.workspace_id).where(tx.mine(workspace), other)):
                tx.run(update(workspace).where(tx.mine(workspace)).values(timezone=timezone, currency=currency))

    def now(self) -> datetime:
        """The database's own clock."""
        with self.transaction() as tx:
            found: datetime = tx.value(select(func.clock_timestamp()))
            return found

    def ping(self) -> None:
        """Raise Unreachable unless the database answers."""
        with self.transaction() as tx:
            tx.value(select(1))


class Unreachable(KpiError):
    """The database does not answer."""


@contextmanager
def reachable() -> Iterator[None]:
    """Inside, a database that does not answer is Unreachable."""
    try:
        yield
    except (OperationalError, TimeoutError) as fault:
        raise Unreachable("The database cannot be reached just now; nothing was changed. Please try again.") from fault


def open_store(engine: Engine, now: datetime) -> Store:
    """The store of this deployment's one workspace; its row is made on first use."""
    if known := known_store(engine):
        return known
    with engine.begin() as connection:
        first = insert(workspace).values(workspace_id=1, name="workspace", created_at=now)
        connection.execute(first.on_conflict_do_nothing())
    return Store(engine, 1)


def known_store(engine: Engine) -> Store | None:
    """The store of the workspace that is there already."""
    with engine.connect() as connection:
        found = connection.execute(select(workspace.c.workspace_id).order_by(workspace.c.workspace_id)).scalar()
    return None if found is None else Store(engine, found)
