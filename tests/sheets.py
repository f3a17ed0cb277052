"""Rows on their way in, and what is stored of them, for tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Table, select

from kpi.records.catalog import BY_NAME, ENTITIES
from kpi.records.entity import Entity
from kpi.records.rows import Flaw, Rows
from kpi.services.intake import Intake, Taken
from kpi.store import tables
from kpi.store.store import Store, Tx
from tests.builders import BERLIN

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
Row = Mapping[str, str]


def intake(store: Store) -> Intake:
    """Takes rows in as the shipped configuration does."""
    return Intake(store, lambda: NOW, BERLIN, "EUR")


class Crash(Exception):
    """The process ends here."""


@dataclass(frozen=True)
class Pages:
    """A file of rows, in batches of `batch`. It breaks off before the batch `crash_at`; `heft` makes it seem large."""

    name: str
    rows: Sequence[Row]
    batch: int = 100
    crash_at: int | None = None
    heft: int = 0
    flaws: Sequence[Flaw] = ()

    @property
    def entity(self) -> Entity:
        return BY_NAME[self.name]

    @property
    def place(self) -> str:
        return f"{self.name}.csv"

    @cached_property
    def names(self) -> tuple[str, ...]:
        named = {name for row in self.rows for name in row}
        return tuple(name for name in self.entity.names if name in named)

    @property
    def digest(self) -> str:
        return str(hash(tuple(tuple(sorted(row.items())) for row in self.rows)))

    @property
    def size(self) -> int:
        return self.heft or len(self.rows)

    def batches(self) -> Iterator[Rows]:
        for number, start in enumerate(range(0, max(len(self.rows), 1), self.batch)):
            if number == self.crash_at:
                raise Crash
            part = self.rows[start : start + self.batch]
            lines = range(start + 2, start + 2 + len(part))
            yield Rows(lines, [[row.get(name, "") for row in part] for name in self.names], lines)


FACTS = (
    tables.owner,
    tables.account,
    tables.account_term,
    tables.contact,
    tables.revenue,
    tables.offer,
    tables.feedback,
    tables.account_day,
    tables.usage_day,
    tables.episode,
    tables.interaction,
    tables.survey,
    tables.reply,
    tables.reply_edit,
)
_SURROGATES = {"workspace_id", "token", "revision", "term_id", "revenue_id", "offer_id", "feedback_id"}


def stored(store: Store) -> dict[str, list[str]]:
    """Every fact of a workspace with keys in place of ids: alike for two workspaces that hold the same."""
    with store.transaction() as tx:
        keys = _keys(tx)
        return {table.name: sorted(_told(row, keys) for row in _rows(tx, table)) for table in FACTS}


def _rows(tx: Tx, table: Table) -> list[dict[str, Any]]:
    return tx.rows(select(table).where(tx.mine(table)))


def _keys(tx: Tx) -> dict[str, dict[int, str]]:
    named = (tables.owner, tables.account, tables.contact, tables.interaction, tables.survey)
    keys = {f"{table.name}_id": {row[f"{table.name}_id"]: row["key"] for row in _rows(tx, table)} for table in named}
    edits = sorted(_rows(tx, tables.reply_edit), key=lambda row: (row["answered_at"], row["key"]), reverse=True)
    keys["reply_id"] = {row["reply_id"]: row["key"] for row in edits}
    keys["manager_id"] = keys["owner_at_send"] = keys["owner_id"]
    return keys


def _told(row: Mapping[str, Any], keys: Mapping[str, Mapping[int, str]]) -> str:
    named = {name: keys[name].get(value, value) if name in keys else value for name, value in row.items()}
    if str(named.get("respondent", "")).startswith("contact:"):
        named["respondent"] = "contact"
    return str({name: value for name, value in sorted(named.items()) if name not in _SURROGATES})


EXAMPLES = {entity.name: {column.name: column.example for column in entity.columns} for entity in ENTITIES}
ACME = {"account": "acme", "name": "ACME Ltd"}
BETA = {"account": "beta", "name": "Beta GmbH"}


def put(store: Store, name: str, *rows: dict[str, Any]) -> Taken:
    return intake(store).put(BY_NAME[name], rows, "test")


def told(taken: Taken) -> list[tuple[int, str, str]]:
    return [(flaw.line, flaw.column, flaw.text) for flaw in taken.flaws]


def counts(taken: Taken) -> tuple[int, int, int, int]:
    return taken.new, taken.changed, taken.unchanged, taken.rejected


def days(store: Store) -> dict[date, tuple[Any, ...]]:
    """Per day: interactions, meetings, survey answers, messages from the client and from us."""
    day = tables.account_day.c
    with store.transaction() as tx:
        rows = tx.rows(select(tables.account_day).where(tx.mine(tables.account_day)).order_by(day.day))
    names = ("interactions", "meetings", "survey_answers", "from_client", "from_us")
    return {row["day"]: tuple(row[name] for name in names) for row in rows}


def fill(store: Store) -> Store:
    """A workspace with the example row of every entity."""
    for entity in ENTITIES:
        assert counts(put(store, entity.name, EXAMPLES[entity.name])) == (1, 0, 0, 0), entity.name
    return store
