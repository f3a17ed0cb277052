"""Who and what exists: organisations, users and channels, as frozen values that are replaced, never edited."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from sandbox.errors import Refusal


@dataclass(frozen=True, slots=True)
class Team:
    """A Slack workspace; with an `enterprise_id` one of a company's several (Enterprise Grid).

    `org_wide`: our app is installed for all of its enterprise at once.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    id: str
    name: str = ""
    domain: str = ""
    enterprise_id: str | None = None
    org_wide: bool = False


@dataclass(frozen=True, slots=True)
class User:
    """A person or bot of one organisation; external means of another company than the installing team."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    id: str
    team_id: str
    name: str = ""
    real_name: str = ""
    email: str = ""
    tz: str = "Europe/Berlin"
    locale: str | None = "en-US"
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation. `members` are user ids; whether the bot is in follows from them."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    id: str
    name: str = ""
    members: tuple[str, ...] = ()
    is_private: bool = False
    is_archived: bool = False
    is_shared: bool = False
    is_org_shared: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    is_im: bool = False
    is_mpim: bool = False
    user: str | None = None
    context_team_id: str = ""
    shared_team_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A user group of the installing team; a disabled one has nobody in it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    id: str
    handle: str = ""
    users: tuple[str, ...] = ()
    disabled: bool = False


@dataclass(slots=True)
class World:
    """Everything that exists, by id. `home` is the team the app is installed in."""

    home: Team
    bot: User
    bot_id: str
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def is_external(self, user: User) -> bool:
        """Whether the user belongs to another organisation than the installing one."""
        return self.organisation(user.team_id) != self.organisation(self.home.id)

    def organisation(self, team_id: str) -> str:
        """The enterprise of a workspace; the workspace itself where it belongs to none."""
        team = self.teams.get(team_id)
        return (team and team.enterprise_id) or team_id

    def is_stranger(self, user: User) -> bool:
        """Whether an external user shares no channel with the app."""
        return self.is_external(user) and not any(
            user.id in channel.members and self.bot.id in channel.members for channel in self.channels.values()
        )

    def direct_message(self, user_ids: Iterable[str]) -> tuple[Channel, bool]:
        """The bot's conversation with these users, opened when it is new; the flag says it was there already."""
        people = tuple(sorted(set(user_ids)))
        members = (self.bot.id, *people)
        for channel in self.channels.values():
            if (channel.is_im or channel.is_mpim) and set(channel.members) == set(members):
                return channel, True
        alone = len(people) == 1
        shape = {"is_im": True, "user": people[0]} if alone else {"is_mpim": True, "is_private": True}
        fresh = Channel(f"{'D' if alone else 'G'}0{len(self.channels):04d}DM", members=members, **shape)
        self.channels[fresh.id] = replace(fresh, context_team_id=self.home.id)
        return self.channels[fresh.id], False

    def merge(self, changes: Mapping[str, Any]) -> None:
        """Add or change what exists, given as lists of objects with an id; all or nothing."""
        kinds: tuple[tuple[str, type[Any], dict[str, Any]], ...] = (
            ("teams", Team, self.teams),
            ("users", User, self.users),
            ("channels", Channel, self.channels),
            ("groups", Group, self.groups),
        )
        if unknown := set(changes) - {name for name, _, _ in kinds}:
            raise Refusal(400, f"A world holds teams, users, channels and groups, not {', '.join(sorted(unknown))}.")
        merged = [(known, _merged(kind, known, changes.get(name, []))) for name, kind, known in kinds]
        for known, items in merged:
            known.update(items)
        self.home = self.teams[self.home.id]
        self.bot = self.users[self.bot.id]


def _merged(kind: type[Any], known: Mapping[str, Any], items: Any) -> dict[str, Any]:
    try:
        given = [(str(item["id"]), item) for item in items]
        kept = {key: asdict(known[key]) if key in known else {} for key, _ in given}
        return {key: TypeAdapter(kind).validate_python({**kept[key], **item}) for key, item in given}
    except (KeyError, TypeError) as fault:
        raise Refusal(400, f"Each {kind.__name__.lower()} must be an object with an id.") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        raise Refusal(400, f"{kind.__name__} {'.'.join(map(str, first['loc']))}: {first['msg']}.") from fault
