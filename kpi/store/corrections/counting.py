"""Answers folded and days counted again, once, after the rows behind them were moved or removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, MetaData, Select, Table, insert, select, text
from sqlalchemy.schema import CreateTable

from kpi.store.intake import days, replies
from kpi.store.store import Tx
from kpi.store.tables import interaction, reply

_TOUCHED_REPLY = Table(
    "touched_reply",
    MetaData(),
    Column("reply_id", BigInteger),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


@dataclass(frozen=True)
class Recount:
    """What is to be counted again when the block ends. Days are told while the rows still stand on them."""

    tx: Tx
    zone: str

    def interactions(self, *which: ColumnElement[bool]) -> None:
        """The days of these interactions."""
        self._rows(interaction, "occurred_at", *which)

    def answers(self, *which: ColumnElement[bool]) -> None:
        """The days of these answers."""
        self._rows(reply, "answered_at", *which)

    def edited(self, answers: Select[Any]) -> None:
        """Answers, by id, that are to say what is left of what was said; one of which nothing is left goes."""
        self.tx.run(insert(_TOUCHED_REPLY).from_select(["reply_id"], answers))

    def _rows(self, table: Table, instant: str, *which: ColumnElement[bool]) -> None:
        day = days.local_day(table.c[instant], self.zone)
        days.touch(self.tx, select(table.c.account_id, day).distinct().where(self.tx.mine(table), *which))


@contextmanager
def recounting(tx: Tx, zone: str) -> Iterator[Recount]:
    """Afterwards every answer and every day that was told of is what its rows say."""
    days.open_touched(tx)
    tx.run(text(f"DROP TABLE IF EXISTS pg_temp.{_TOUCHED_REPLY.name}"))
    tx.run(CreateTable(_TOUCHED_REPLY))
    yield Recount(tx, zone)
    replies.refold(tx, zone)
    days.recount(tx, zone)
