"""Which facts are asked for, and the conditions all queries of them share."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, true

from kpi.model import Instrument, Scope
from kpi.periods import local_day, midnight
from kpi.store.store import Tx
from kpi.store.tables import account


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts: the frames a KPI needs, of one scope, with dated facts of the local days `[first, end)`.

    Nothing that happened or was recorded after `as_of` (aware) is among them. `scope.id` is an account's or an owner's
    id, or a segment's name. Answers are those to `instruments`. `wide`: of all accounts, the scope's marked.
    """

    needs: Collection[str]
    scope: Scope
    first: date
    end: date
    as_of: datetime
    zone: ZoneInfo
    instruments: Collection[str] = tuple(Instrument)
    wide: bool = False

    @property
    def today(self) -> date:
        """The local day of as_of: a date is known from its midnight in the workspace's zone."""
        return local_day(self.as_of, self.zone)

    @property
    def of(self) -> Scope:
        """Whose facts are read."""
        return Scope() if self.wide else self.scope

    def happened(self, column: ColumnElement[datetime]) -> ColumnElement[bool]:
        """An instant of the window, not after as_of."""
        window = (column >= midnight(self.first, self.zone), column < midnight(self.end, self.zone))
        return and_(*window, column <= self.as_of)

    def falls(self, column: ColumnElement[date]) -> ColumnElement[bool]:
        """A day of the window, not after the day of as_of."""
        return and_(column >= self.first, column < self.end, column <= self.today)

    def known(self, recorded_at: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Recorded by as_of; what says nothing of when, as it happened."""
        return or_(recorded_at.is_(None), recorded_at <= self.as_of)


Condition = Callable[[Scope], ColumnElement[bool]]

ACCOUNTS_OF: Mapping[str, Condition] = {
    "workspace": lambda _: true(),
    "account": lambda scope: account.c.account_id == scope.id,
    "segment": lambda scope: account.c.segment == scope.id,
    "owner": lambda scope: account.c.owner_id == scope.id,
}
"""Accounts go by their present owner and segment."""


def known_accounts(tx: Tx, wanted: Wanted) -> ColumnElement[bool]:
    """The accounts of the scope that were recorded by as_of."""
    return and_(tx.mine(account), wanted.known(account.c.recorded_at), ACCOUNTS_OF[wanted.of.kind](wanted.of))


def at_known_account(tx: Tx, wanted: Wanted, table: Any) -> ColumnElement[bool]:
    """The row is this workspace's, and of such an account; `account` must be joined (`same_account`)."""
    return and_(tx.mine(table), known_accounts(tx, wanted))


def same_account(table: Any) -> ColumnElement[bool]:
    """Joins `account` to a table of rows about one."""
    return and_(account.c.workspace_id == table.c.workspace_id, account.c.account_id == table.c.account_id)
