"""How rows of an entity reach their table: what each column is filled from, and what must hold first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, func, literal, select

from kpi.records.entity import Entity
from kpi.store.intake.staging import Stage
from kpi.store.tables import account, contact, interaction, owner, survey


@dataclass(frozen=True, slots=True)
class Known:
    """Where the keys of an entity are: what `noun` people call one by, its table and its id."""

    noun: str
    table: Table
    id: str


KNOWN: Mapping[str, Known] = {
    "owners": Known("owner", owner, "owner_id"),
    "accounts": Known("account", account, "account_id"),
    "contacts": Known("contact", contact, "contact_id"),
    "interactions": Known("interaction", interaction, "interaction_id"),
    "surveys": Known("survey", survey, "survey_id"),
}


@dataclass(frozen=True, slots=True)
class Staged:
    """The staged rows beside what they refer to: `ids` has, by column, the id that is named, and `of` its row."""

    stage: Stage
    of: Mapping[str, Any]

    @property
    def c(self) -> Any:
        """The staged columns."""
        return self.stage.c

    def id(self, column: str) -> ColumnElement[int]:
        """The id of what a staged column names; NULL where it names nothing."""
        found: ColumnElement[int] = self.of[column].c[KNOWN[self.stage.entity.column(column).names or ""].id]
        return found


Value = Callable[[Staged], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Fill:
    """A column of the table, from staged ones. Where none of `given` is among the columns that came, a new row gets
    the value nevertheless, and a stored one keeps its own."""

    column: str
    value: Value
    given: tuple[str, ...] = ()
    follows: str | None = None
    """The column a stored value that is the same as it goes on being the same as."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over all rows: `wrong` says which break it, `saying` what is wrong with each, at `column`."""

    column: str
    wrong: Callable[[Stage], ColumnElement[bool]]
    saying: Callable[[Stage], ColumnElement[str]]


@dataclass(frozen=True, slots=True)
class Straight:
    """A column of the table that takes the first of these cells that is not empty; `account_id` takes the id."""

    column: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The way of one entity's rows: `before` the checks gaps are filled, before the merge stored rows made ready."""

    entity: Entity
    table: Table
    key: tuple[str, ...]
    fills: tuple[Fill, ...]
    before: tuple[Callable[[Stage], Any], ...] = ()
    checks: tuple[Check, ...] = ()
    ready: tuple[Callable[[Stage], Any], ...] = ()
    instant: str | None = None
    """The column whose local day counts in account_day."""
    straight: tuple[Straight, ...] = ()
    """How rows may go straight into a table without rows; empty: they may not."""


def same(column: str, staged: str | None = None) -> Fill:
    """A column filled as it stands."""
    name = staged or column
    return Fill(column, lambda row: row.c[name], (name,))


def named(column: str, staged: str) -> Fill:
    """A column that takes the id of what a staged one names."""
    return Fill(column, lambda row: row.id(staged), (staged,))


def recorded(occurred: str) -> Fill:
    """When a row was known; where nobody said, when it happened."""
    return Fill(
        "recorded_at", lambda row: func.coalesce(row.c.recorded_at, row.c[occurred]), ("recorded_at",), occurred
    )


def only_new(column: str, value: Value) -> Fill:
    """A column only new rows get."""
    return Fill(column, value)


def joined(stage: Stage) -> tuple[Staged, FromClause]:
    """The staged rows beside everything they name."""
    source: Any = stage.table
    of = {}
    for column in stage.entity.columns:
        if column.names and column.names != stage.entity.name:
            known = KNOWN[column.names]
            there = known.table.alias(f"named_{column.name}")
            of[column.name] = there
            source = source.outerjoin(
                there, and_(there.c.workspace_id == stage.tx.workspace_id, there.c.key == stage.c[column.name])
            )
    return Staged(stage, of), source


def exists(stage: Stage, entity: str, key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a key is stored."""
    table = KNOWN[entity].table
    return select(literal(1)).where(stage.tx.mine(table), table.c.key == key).exists()
