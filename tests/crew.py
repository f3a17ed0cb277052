"""Replicas that are killed on their way, and what must hold of the database and of Slack afterwards."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.bots import Bot, eventually
from tests.deaths import Point
from tests.doomed import Fate
from tests.replicas import launch, together
from tests.world import Message, World

UNDER_WAY = (
    "SELECT (SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending')) "
    "+ (SELECT count(*) FROM procrastinate_jobs)::int AS open"
)


@dataclass
class Crew:
    """So many replicas at one world's work; whoever dies is replaced."""

    world: World
    fate: Fate
    replicas: list[Bot]
    transport: str = "socket"
    variables: Mapping[str, str] = field(default_factory=dict)

    def dies(self, point: Point, act: Callable[[], Any]) -> Any:
        """Do something during which one of them dies at this point; what it came to."""
        self.fate.arm(point.doom)
        told = act()
        eventually(self.fate.struck.exists, f"a death {point.name}")
        eventually(lambda: any(each.was_killed() for each in self.replicas), "the process to be gone")
        self.replace()
        return told

    def all_die_at(self, channel: str, kind: str, act: Callable[[], Any]) -> None:
        """Do something, and kill -9 all of them while Slack has the message it leads to and does not answer.

        `slow`: Slack takes it after that; `accept_then_hang`: it has taken it.
        """
        fault = {"method": "chat.postMessage", "channel": channel, "kind": kind, "seconds": 0.5}
        self.world.control.post("faults", **fault)
        act()
        calls = partial(self.world.control.calls, "chat.postMessage")
        eventually(lambda: [c for c in calls() if c["args"].get("channel") == channel and c.get("fault")], "the call")
        self.all_die()

    def all_die(self) -> None:
        """kill -9 for each of them at once."""
        for each in self.replicas:
            each.kill()
        self.replace()

    def replace(self) -> None:
        """A new one for each that was killed, at work."""
        program = self.world.program("both", **self.variables)
        for number, each in enumerate(self.replicas):
            if each.was_killed():
                self.replicas[number] = launch(program, self.fate).listening()
        self.listen()

    def listen(self) -> None:
        """Slack reaches them from now on: any of them over sockets, or the first over HTTP."""
        url = f"{self.replicas[0].url}/slack/events" if self.transport == "http" else None
        self.world.control.post("events-url", url=url)
        assert self.transport == "http" or self.world.control.connected(wait=30)

    def settled(self, seconds: float = 40) -> None:
        """Wait until nothing is on its way any more: no job is left, no message queued, none being sent."""
        eventually(lambda: self.world.rows(UNDER_WAY) == [{"open": 0}], "everything to come to an end", seconds=seconds)

    def said(self, channel: str) -> list[Message]:
        """What everybody reads in a channel."""
        return [each for each in self.world.control.messages(channel) if not each.get("ephemeral_to")]


@contextmanager
def crew(world: World, count: int, transport: str = "socket", **variables: str) -> Iterator[Crew]:
    """So many replicas, reached by Slack."""
    fate = Fate(world.folder / "doom")
    with together(world.program("both", **variables), fate, count) as replicas:
        made = Crew(world, fate, replicas, transport, variables)
        made.listen()
        yield made
        fate.disarm()
