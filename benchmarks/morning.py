"""A morning at nine: a channel for every client, a question due in each, and managers who are told things meanwhile."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import insert

from bot.blocks.survey import SCORE
from bot.clock import utc_now
from bot.queue import JobQueue
from kpi.model import Message
from kpi.services.deliveries import enqueue
from kpi.store import tables
from kpi.store.store import Store
from sandbox.server import Sandbox

POST = "chat.postMessage"
MANAGERS = ("U0ANNA", "U0BEN", "U0HEAD")
Call = dict[str, Any]


def fill(store: Store, slack: Sandbox, clients: int) -> list[int]:
    """So many accounts with a channel each, which the bot is in; their ids."""
    channels = [f"C0DRAIN{number:04}" for number in range(clients)]
    members = [slack.slack.world.bot.id, "U0ANNA", "U0CARLA"]
    shared = {"members": members, "is_shared": True, "is_ext_shared": True}
    slack.slack.world.merge({"channels": [{"id": each, "name": each.lower(), **shared} for each in channels]})
    rows = [{"key": each.lower(), "name": f"Client {each[-4:]}", "channel_id": each} for each in channels]
    with store.transaction() as tx:
        made = insert(tables.account).returning(tables.account.c.account_id)
        found = tx.connection.execute(made, [{"workspace_id": tx.workspace_id, **row} for row in rows])
        return [int(account_id) for account_id in found.scalars()]


def ask(store: Store, account_ids: list[int], due_at: datetime) -> None:
    """A question to each account's channel, scheduled, all for the same instant."""
    asked = {"programme": "after_contact", "place": "thread", "state": "scheduled"}
    words = {"instrument": "csat", "wording_version": "csat-en-1", "locale": "en", **asked}
    with store.transaction() as tx:
        same = {"workspace_id": tx.workspace_id, "recorded_at": utc_now(), "due_at": due_at, **words}
        rows = [{"token": f"drain-{each}", "account_id": each, **same} for each in account_ids]
        tx.connection.execute(insert(tables.survey), rows)


@dataclass
class Heard:
    """What the local Slack heard of the bot's posts, read on from where it was read to."""

    calls: list[Call]
    read: int = 0
    questions: list[tuple[float, str]] = field(default_factory=list)
    notices: dict[str, float] = field(default_factory=dict)
    limited: list[float] = field(default_factory=list)

    def listen(self) -> None:
        """Take in what came since, up to a call that has no outcome yet."""
        while self.read < len(self.calls) and self.calls[self.read]["outcome"] != "pending":
            self._note(self.calls[self.read])
            self.read += 1

    def _note(self, call: Call) -> None:
        if call["outcome"] == "ratelimited":
            self.limited.append(call["at"])
        elif call["method"] == POST and call["outcome"] == "ok":
            token = _token(call["args"])
            if token is None:
                self.notices[str(call["args"].get("text"))] = call["at"]
            else:
                self.questions.append((call["at"], token))


@dataclass
class Notices:
    """Urgent words to the managers, queued as alerts are; `queued` is when each was."""

    store: Store
    queue: JobQueue = field(default_factory=JobQueue)
    queued: dict[str, float] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    async def go_on(self, every_seconds: float) -> None:
        """One after the other, until cancelled."""
        while True:
            await asyncio.to_thread(self.tell)
            await asyncio.sleep(every_seconds)

    def tell(self) -> None:
        """One more, to one of the managers."""
        number = next(self.numbers)
        text = f"Notice {number}"
        self.queued[text] = time.time()
        notice = Message("notice", "person", MANAGERS[number % len(MANAGERS)], {"text": text}, f"bench:{number}")
        with self.store.transaction() as tx:
            enqueue(tx, self.queue, notice, utc_now())


def _token(arguments: Call) -> str | None:
    """The token on a question's buttons; None of what is no question."""
    for block in arguments.get("blocks") or []:
        for element in block.get("elements", []):
            if str(element.get("action_id", "")).startswith(SCORE):
                return str(element["value"]).rpartition(".")[0]
    return None
