"""What the use cases need from outside, as small protocols."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from kpi.model import Person
from kpi.records.entity import Entity
from kpi.records.rows import Flaw, Rows

Now = Callable[[], datetime]
"""Answers the present instant, aware and in UTC."""

NextFire = Callable[[str, str, datetime], datetime]
"""(cron expression, IANA zone, after) → the first instant strictly after `after`, DST-exact, in UTC."""


class Transaction(Protocol):
    """An open database transaction of one workspace; what is written in it happens together or not at all."""

    @property
    def workspace_id(self) -> int: ...

    @property
    def connection(self) -> Any: ...


class Queue(Protocol):
    """Work for later: the job exists if and only if the transaction commits."""

    def enqueue(
        self,
        transaction: Transaction,
        job: str,
        args: Mapping[str, Any],
        *,
        lane: str | None = None,
        urgent: bool = False,
    ) -> None:
        """Add a job; jobs of one `lane` run one at a time, in order; urgent ones go first."""


class Directory(Protocol):
    """Who and where, asked of the chat system. Each answers None when it cannot say."""

    def person(self, user_id: str) -> Person | None: ...

    def is_externally_shared(self, channel_id: str) -> bool | None: ...

    def members(self, channel_id: str) -> tuple[str, ...] | None:
        """The user ids in a channel, people of other organisations and bots among them."""

    def in_group(self, group_id: str) -> tuple[str, ...] | None:
        """The user ids of a user group, none for one that is no more."""


class Sheet(Protocol):
    """The rows of one entity at a source: a file, or a list somebody sent."""

    @property
    def entity(self) -> Entity: ...

    @property
    def place(self) -> str:
        """What errors call it, as `terms.csv`."""

    @property
    def names(self) -> Sequence[str]:
        """The columns its rows have, in their order."""

    @property
    def flaws(self) -> Sequence[Flaw]:
        """What is wrong with the whole, as a missing column: then it has no rows to read."""

    @property
    def digest(self) -> str:
        """Tells its content from any other; "" where nobody asks."""

    @property
    def size(self) -> int:
        """Its bytes, as `Rows.done` counts them."""

    def batches(self) -> Iterator[Rows]:
        """The rows, some thousands at a time, from the first one on."""


class Source(Protocol):
    """An outside system facts come from."""

    def sheets(self) -> Sequence[Sheet]:
        """What it has to give, at most one sheet an entity. KpiError when it cannot be read at all."""
