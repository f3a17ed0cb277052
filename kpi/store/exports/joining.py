"""From our ids to the keys files use, and from minor units to major ones."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Numeric, Select, Table, and_, case, cast, func, select

from kpi.records.money import UNUSUAL, exponent
from kpi.store.store import Tx
from kpi.store.tables import account, owner

_BY_DECIMALS = {
    digits: [code for code, its_digits in UNUSUAL.items() if its_digits == digits] for digits in set(UNUSUAL.values())
}


def same(one: FromClause, other: FromClause, column: str, target: str | None = None) -> ColumnElement[bool]:
    """`column` of one names a row of the other, in one workspace."""
    return and_(one.c.workspace_id == other.c.workspace_id, one.c[column] == other.c[target or column])


def of_account(tx: Tx, table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """The workspace's rows of a table that belong to an account each, beginning with its key."""
    chosen = select(account.c.key.label("account"), *columns).select_from(table)
    return chosen.join(account, same(table, account, "account_id")).where(tx.mine(table))


def held_by(chosen: Select[Any], table: Table, column: str = "owner_id") -> Select[Any]:
    """The rows with their owner, where they have one."""
    return chosen.join(owner, same(table, owner, column, "owner_id"), isouter=True)


def major_units(amount: ColumnElement[int], currency: ColumnElement[str]) -> ColumnElement[Any]:
    """An amount with exactly the decimals its currency has (ISO 4217)."""
    decimals = case(*((currency.in_(codes), digits) for digits, codes in _BY_DECIMALS.items()), else_=exponent(""))
    power = func.power(cast(10, Numeric), decimals)
    return func.round(cast(amount, Numeric) / power, decimals)
