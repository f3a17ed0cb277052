"""Rows to COPY, sent while the next ones are read."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.copy import Copy, LibpqWriter
from sqlalchemy.exc import OperationalError

from kpi.store.store import Tx


class _OneAhead(LibpqWriter):
    """Sends in a thread of its own; whoever writes is at most one page ahead, so that memory stays that of a page."""

    def __init__(self, cursor: Any) -> None:
        super().__init__(cursor)
        self._thread = ThreadPoolExecutor(1, "copy")
        self._sent: Future[None] | None = None

    def write(self, data: Any) -> None:
        """Send once what was written before is sent."""
        self._wait()
        self._sent = self._thread.submit(super().write, data)

    def finish(self, exc: BaseException | None = None) -> None:
        """End the COPY, or give it up because of `exc`."""
        try:
            self._wait()
        finally:
            self._thread.shutdown()
            super().finish(exc)

    def _wait(self) -> None:
        if self._sent is not None:
            self._sent.result()


@contextmanager
def copying(tx: Tx, statement: str) -> Iterator[Copy]:
    """A COPY FROM STDIN in the transaction; a database that gives it up is an OperationalError as everywhere."""
    cursor: Any = tx.connection.connection.cursor()
    try:
        with cursor.copy(statement, writer=_OneAhead(cursor)) as copy:
            yield copy
    except psycopg.OperationalError as fault:
        raise OperationalError(statement, None, fault) from fault
