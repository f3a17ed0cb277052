"""The workspace as a whole: everything the Web API, the people and the app share."""

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.config import SandboxConfig
from sandbox.delivery import Ack, Courier, Seal
from sandbox.errors import Refusal
from sandbox.faults import Faults
from sandbox.mishaps import Mishaps
from sandbox.pace import Pacer
from sandbox.seed import seed_world
from sandbox.shapes import message_json
from sandbox.sockets import Sockets
from sandbox.tickets import Tickets
from sandbox.timeline import Message, Timeline, TsClock
from sandbox.uploads import File
from sandbox.views import View, Views, view_json
from sandbox.world import Channel, User, World


@dataclass(slots=True)
class Slack:
    """All state; `refuses` are the types of blocks this workspace does not draw, `revoked` is the error a token comes
    to, by its owner (`bot`, `app`).

    `reset` brings the seed world back; connections and the events url stay.
    """

    config: SandboxConfig
    url: str
    sockets: Sockets
    courier: Courier
    world: World = field(default_factory=seed_world)
    timeline: Timeline = field(default_factory=Timeline)
    views: Views = field(default_factory=Views)
    faults: Faults = field(default_factory=Faults)
    mishaps: Mishaps = field(default_factory=Mishaps)
    revoked: dict[str, str] = field(default_factory=dict)
    refuses: frozenset[str] = frozenset()
    calls: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    retries: set[asyncio.Task[None]] = field(default_factory=set)
    clock: TsClock = field(default_factory=TsClock)
    tickets: Tickets = field(init=False)
    pacer: Pacer = field(init=False)

    def __post_init__(self) -> None:
        self.tickets = Tickets(self.config.trigger_seconds, self.config.response_url_seconds)
        self.pacer = Pacer(self.config.pace)

    def reset(self) -> None:
        """The seed world, empty channels, no faults, no log, no retries outstanding."""
        for task in self.retries:
            task.cancel()
        self.world, self.timeline, self.views, self.faults = seed_world(), Timeline(), Views(), Faults()
        self.tickets = Tickets(self.config.trigger_seconds, self.config.response_url_seconds)
        self.refuses, self.pacer, self.revoked = frozenset(), Pacer(self.config.pace), {}
        self.mishaps.clear()
        self.calls.clear()
        self.deliveries.clear()
        self.codes.clear()
        self.files.clear()

    def person(self, user_id: str) -> User:
        """A user who can act: known, active and not a bot; else a Refusal."""
        user = self.world.users.get(user_id)
        if user is None:
            raise Refusal(404, f"There is no user {user_id}.")
        if user.deleted:
            raise Refusal(403, f"{user.real_name} is deactivated and cannot do anything in Slack.")
        return user

    def place(self, channel_id: str, user: User) -> Channel:
        """A conversation the user is in; else a Refusal. A user id stands for the user's DM with the app."""
        if channel_id == user.id:
            return self.world.direct_message([user.id])[0]
        channel = self.world.channels.get(channel_id)
        if channel is None:
            raise Refusal(404, f"There is no channel {channel_id}.")
        if user.id not in channel.members:
            raise Refusal(403, f"{user.real_name} is not in #{channel.name}.")
        return channel

    def message(self, message: Message) -> dict[str, Any]:
        """The message as Slack returns it."""
        return message_json(self.world, message, self.config.app_id)

    def view(self, view: View, state: dict[str, Any] | None = None) -> dict[str, Any]:
        """The view as Slack sends it."""
        viewer = self.world.users[view.user]
        home, bot_id = self.world.home.id, self.world.bot_id
        teams = {"team_id": viewer.team_id, "home": home, "app_id": self.config.app_id, "bot_id": bot_id}
        return view_json(view, teams, state)

    def response_url(self, user: str, channel: str, source_ts: str | None = None) -> str:
        """A fresh response url."""
        return f"{self.url}/_response/{self.tickets.new_response_url(user, channel, source_ts)}"

    async def deliver(self, kind: str, payload: dict[str, Any], retry: tuple[int, str] | None = None) -> Ack:
        """One delivery with the mishap it meets, each attempt kept in the log."""

        async def attempt(seal: Seal) -> Ack:
            ack = await self.courier.deliver(kind, payload, retry, seal)
            about = {"kind": kind, "type": payload.get("type", kind), "retry": retry}
            self.deliveries.append({**about, "payload": payload, "ack": ack.json()})
            return ack

        return await self.mishaps.deliver(kind, attempt)

    def state(self) -> dict[str, Any]:
        """The world as the control API shows it."""
        return {
            "home": self.world.home.id,
            "bot": self.world.bot.id,
            "teams": [asdict(team) for team in self.world.teams.values()],
            "users": [asdict(user) for user in self.world.users.values()],
            "channels": [asdict(channel) for channel in self.world.channels.values()],
            "sockets": len(self.sockets.connections),
            "events_url": self.courier.events_url,
            "faults": [fault.model_dump() for fault in (*self.faults.waiting, *self.mishaps.waiting)],
            "revoked": self.revoked,
            "refuses": sorted(self.refuses),
            "paced": self.pacer.pace is not None,
            "messages": len(self.timeline.messages),
        }
