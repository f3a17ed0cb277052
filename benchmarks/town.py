"""People of the local Slack who ask the running bot and answer its surveys, many at once, over signed HTTP."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, cycle
from types import TracebackType

from benchmarks.facts import CHANNEL, CLIENT
from benchmarks.report import percentile
from bot.blocks.survey import SCORE
from sandbox.blocks import Element
from sandbox.delivery import COMMAND, INTERACTIVE, Ack, Courier
from sandbox.payloads import message_action, slash_command
from sandbox.server import Sandbox
from sandbox.timeline import Message

ROOM = "C0TEAM"
PATIENCE = 30


@dataclass(slots=True)
class Tally:
    """What became of what people did: how long each ack took, those that never came, those that say another thing."""

    milliseconds: list[float] = field(default_factory=list)
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, ack: Ack, expected: str = "") -> None:
        """One more, which was to say what is expected; a click is acked without a word."""
        self.milliseconds.append(ack.ms)
        if ack.error:
            self.lost += 1
        elif expected not in ((ack.body or {}).get("text") or ""):
            self.wrong.append(f"“{expected}” was expected, not {ack.body}")

    def p(self, percent: int) -> float:
        """A percentile in milliseconds."""
        return percentile(self.milliseconds, percent)


class Town:
    """So many people, full members of the organisation, and one client; `url` is where the bot takes events."""

    def __init__(self, slack: Sandbox, url: str, people: int) -> None:
        self._slack = slack.slack
        self._courier = Courier(replace(self._slack.config, events_url=url), self._slack.sockets)
        self.people = [f"U0CROWD{number:02}" for number in range(people)]
        members = [{"id": user_id, "team_id": self._slack.world.home.id, "name": user_id} for user_id in self.people]
        here = self._slack.world.channels[ROOM].members
        self._slack.world.merge({"users": members, "channels": [{"id": ROOM, "members": (*here, *self.people)}]})

    async def __aenter__(self) -> "Town":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._courier.close()

    async def ask(self, user_id: str, key: str) -> Ack:
        """One person asks for a KPI and waits for the ack."""
        world = self._slack.world
        payload = slash_command(self._slack, world.users[user_id], world.channels[ROOM], ("/kpi", key))
        return await self._courier.deliver(COMMAND, payload)

    async def click(self, token: str) -> Ack:
        """The client presses a 5 under a question."""
        world = self._slack.world
        message = Message(CHANNEL, self._slack.clock.next(), world.bot.id, "How was it?")
        touched = ("survey_scores", _five(token), None)
        return await self._courier.deliver(
            INTERACTIVE, message_action(self._slack, world.users[CLIENT.user_id], message, touched)
        )

    async def everybody(self, expected: Mapping[str, str]) -> Tally:
        """Each person asks for one of the KPIs, one after the other."""
        tally = Tally()
        for user_id, key in zip(self.people, cycle(expected), strict=False):
            tally.note(await self.ask(user_id, key), expected[key])
        return tally

    async def calm(self, key: str) -> None:
        """Wait until the bot is through with what nobody waits for any more."""
        for _ in range(PATIENCE):
            if not (await self.ask(self.people[0], key)).error:
                return

    async def rush(self, expected: Mapping[str, str], seconds: float) -> Tally:
        """All at once, each again as soon as they are answered, one KPI after another, for so long."""
        tally, ends = Tally(), time.monotonic() + seconds
        await asyncio.gather(*(self._asks_on(*each, (expected, tally, ends)) for each in enumerate(self.people)))
        return tally

    async def clicks(self, tokens: Iterable[str], every_seconds: float) -> Tally:
        """One question after the other is answered."""
        tally = Tally()
        for token in tokens:
            await asyncio.sleep(every_seconds)
            tally.note(await self.click(token))
        return tally

    async def _asks_on(self, first: int, user_id: str, how: tuple[Mapping[str, str], Tally, float]) -> None:
        expected, tally, ends = how
        keys: Sequence[str] = list(expected)
        for number in count(first):
            if time.monotonic() > ends:
                return
            key = keys[number % len(keys)]
            tally.note(await self.ask(user_id, key), expected[key])


def _five(token: str) -> Element:
    label = {"type": "plain_text", "text": "5"}
    return {"type": "button", "action_id": f"{SCORE}5", "value": f"{token}.5", "text": label}
