"""Columns several entities have."""

from kpi.records.entity import Column
from kpi.records.kinds import DAY, INSTANT, KEY

RECORDED_AT = Column("recorded_at", INSTANT, "When we came to know of it; left out or empty: when it happened.")


def key_of(entity: str, doc: str, example: str) -> Column:
    """The column that names a row of its own."""
    return Column(entity, KEY, doc, example, required=True)


def refers(name: str, entity: str, doc: str, example: str = "", *, required: bool = False) -> Column:
    """A column that names a row of another entity by its key."""
    return Column(name, KEY, doc, example, required=required, names=entity)


def account(*, required: bool = True) -> Column:
    """Whose it is."""
    return refers("account", "accounts", "The account, by its key.", "acme", required=required)


def on(name: str, doc: str, example: str = "", *, required: bool = False, stated: bool = False) -> Column:
    """A day."""
    return Column(name, DAY, doc, example, required=required, stated=stated)


def at(name: str, doc: str, example: str = "", *, required: bool = False, stated: bool = False) -> Column:
    """An instant."""
    return Column(name, INSTANT, doc, example, required=required, stated=stated)
