"""What the database itself refuses, in one sentence; and what was only tried."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError

from kpi.errors import KpiError
from kpi.store.intake import Clashing
from kpi.store.store import Tx


@contextmanager
def told_apart() -> Iterator[None]:
    """Inside, a row that cannot stand beside the others is Clashing, and a sum nothing can hold a KpiError."""
    try:
        yield
    except IntegrityError as fault:
        raise Clashing("That", fault) from fault
    except DataError as fault:
        raise KpiError("That would come to a number too large to be stored; nothing was changed.") from fault


def undo(tx: Tx) -> None:
    """Nothing that was written in this transaction is kept. Comes last in it."""
    tx.connection.rollback()
