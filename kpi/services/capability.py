"""What this workspace's Slack draws itself, remembered once it was seen, so that the next message is right at once.

Rungs: `native` (charts, sortable tables, strips), `table` (plain tables only), `text`.
"""

from datetime import datetime, timedelta
from threading import Lock

from kpi.ports import Now
from kpi.store import rungs
from kpi.store.store import Store

UNKNOWN, NATIVE = "unknown", "native"
TRIED_AGAIN_AFTER = timedelta(days=30)
_FRESH = timedelta(minutes=1)


class Capability:
    """One workspace's rung; read from the database at most once a minute."""

    def __init__(self, store: Store, now: Now) -> None:
        self._store = store
        self._now = now
        self._lock = Lock()
        self._read: tuple[str, datetime | None] = (UNKNOWN, None)
        self._read_at: datetime | None = None

    def rung(self) -> str:
        """native, table or text; unknown before any message told, and 30 days after a lower rung was learnt:
        Slack may draw by now what it refused."""
        rung, learnt_at = self._remembered()
        is_old = learnt_at is not None and self._now() - learnt_at >= TRIED_AGAIN_AFTER
        return UNKNOWN if rung != NATIVE and is_old else rung

    def learnt(self, rung: str) -> None:
        """Slack took a message on this rung, and on no higher one that was tried."""
        if rung == self.rung():
            return
        now = self._now()
        with self._store.transaction() as tx:
            rungs.remember(tx, rung, now)
        with self._lock:
            self._read, self._read_at = (rung, now), now

    def _remembered(self) -> tuple[str, datetime | None]:
        now = self._now()
        with self._lock:
            if self._read_at is None or now - self._read_at >= _FRESH:
                with self._store.transaction() as tx:
                    self._read, self._read_at = rungs.remembered(tx) or (UNKNOWN, None), now
            return self._read
