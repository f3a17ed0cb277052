"""Who is in which user group, remembered for minutes, and for a day while the chat system is silent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kpi.ports import Directory, Now
from kpi.store import admission
from kpi.store.admission import Checked
from kpi.store.store import Store, Tx

_HOLDS = timedelta(minutes=5)
_STANDS_IN = timedelta(hours=24)
_SILENT = timedelta(minutes=1)
"""How long a group is not asked for again after nobody could speak of it."""


@dataclass(frozen=True)
class Groups:
    """Answers who is in a user group."""

    store: Store
    directory: Directory
    now: Now
    silent: dict[str, datetime] = field(default_factory=dict)
    """When this process last asked for a group in vain."""

    def known(self, tx: Tx, user_id: str, group_ids: Collection[str]) -> Mapping[str, Checked]:
        """What is remembered of somebody in these groups, however old."""
        return admission.groups(tx, user_id, group_ids) if group_ids else {}

    def is_in(self, user_id: str, known: Mapping[str, Checked], group_id: str, until: datetime) -> bool | None:
        """Whether somebody is in a group, given what is `known`: asked for if that is old, and it is not yet `until`.

        While nobody can say, what was known less than a day ago stands; then None.
        """
        now, last = self.now(), known.get(group_id)
        if last is not None and now - last.at < _HOLDS:
            return last.is_in
        members = self._ask(group_id, now) if now < until else None
        if members is not None:
            return user_id in members
        return last.is_in if last is not None and now - last.at < _STANDS_IN else None

    def _ask(self, group_id: str, now: datetime) -> tuple[str, ...] | None:
        if now - self.silent.get(group_id, now - _SILENT) < _SILENT:
            return None
        members = self.directory.in_group(group_id)
        if members is None:
            self.silent[group_id] = now
            return None
        with self.store.transaction() as tx:
            admission.remember_group(tx, group_id, members, now)
        return members
