"""What the use cases need from outside, as small protocols."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from kpi.model import Person

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
