"""Who somebody is to us, and who may read a channel; what the chat system cannot say counts as the worse case."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from kpi.errors import Refused
from kpi.model import Actor, Person
from kpi.ports import Directory, Now
from kpi.store import admission
from kpi.store import people as rows
from kpi.store.admission import Seen
from kpi.store.store import Store, Tx

_PERSON_HOLDS = timedelta(hours=24)
_CHANNEL_HOLDS = timedelta(minutes=5)
_MEMBERS_HOLD = timedelta(minutes=1)


class Role(StrEnum):
    """What somebody is to us. `client`: another organisation, a guest, or a known contact."""

    CLIENT = "client"
    MEMBER = "member"
    BOT = "bot"
    UNKNOWN = "unknown"


class NobodyCanSay(Refused):
    """The chat system did not answer who a person is."""

    def __init__(self) -> None:
        super().__init__(
            "Slack did not tell us who you are; nothing was stored, please try again in a moment.", "nobody can say"
        )


@dataclass(frozen=True)
class People:
    """Tells clients from our own people. `home_team` answers the organisation the bot is installed in, `is_on_grid`
    whether it may go by other ids too, as one of several workspaces does."""

    store: Store
    directory: Directory
    now: Now
    home_team: Callable[[], str]
    is_on_grid: Callable[[], bool] = lambda: False
    rooms: dict[str, tuple[datetime, tuple[str, ...]]] = field(default_factory=dict)
    """Who was in which channel when this process last asked."""

    def role(self, user_id: str, team_id: str) -> Role:
        """What this user is to us; `team_id` is their own organisation as the payload says, or ""."""
        return self._met(user_id, team_id, None)[0]

    def require_member(self, user_id: str, team_id: str, doing: str) -> None:
        """Raise unless this is a full member of our own organisation; `doing` ends the sentence they read."""
        self.member(Actor(user_id, team_id), doing)

    def member(self, who: Actor, doing: str, seen: Seen | None = None) -> Person:
        """The same, as known about them; `seen` is what was just read (`look`), and is read here without."""
        role, someone = self._met(who.user_id, who.team_id, seen)
        if role is Role.UNKNOWN:
            raise NobodyCanSay
        if role is not Role.MEMBER or someone is None:
            raise Refused(f"Only full members of the organisation that runs this bot can {doing}.", "not a member")
        return someone

    def look(self, tx: Tx, user_id: str, channel_id: str | None = None) -> Seen:
        """What is known and still holds of a person and of a channel, without asking anybody."""
        now = self.now()
        return admission.seen(tx, user_id, channel_id, (now - _PERSON_HOLDS, now - _CHANNEL_HOLDS))

    def is_externally_shared(self, channel_id: str, seen: Seen | None = None) -> bool:
        """Whether another organisation may read this channel, `seen` as above; True also when nobody can say."""
        if seen is None:
            with self.store.transaction() as tx:
                seen = self.look(tx, "", channel_id)
        if seen.is_shared is not None:
            return seen.is_shared
        told = self.directory.is_externally_shared(channel_id)
        if told is not None:
            with self.store.transaction() as tx:
                rows.remember_shared(tx, channel_id, told, self.now())
        return told is not False

    def forget_channel(self, channel_id: str, *, is_alone: bool = False) -> None:
        """A channel's standing changed: ask again the next time it matters. `is_alone`: the last other organisation has
        left it, and no client reads there any more."""
        with self.store.transaction() as tx:
            rows.note_connection(tx, channel_id, self.now() if is_alone else None)

    def acquainted(self, user_ids: Iterable[str], asks: int, until: datetime | None = None) -> dict[str, Person]:
        """These people by their ids: from memory, however old, and the others asked for, `asks` of them at most and
        none after `until`. Whoever is missing is somebody nobody could speak of."""
        wanted = tuple(dict.fromkeys(user_ids))
        with self.store.transaction() as tx:
            found = rows.known_of(tx, wanted)
        for user_id in [user_id for user_id in wanted if user_id not in found][:asks]:
            if until is not None and self.now() >= until:
                break
            told = self._ask(user_id)
            if told is not None:
                found[user_id] = told
        return found

    def in_channel(self, channel_id: str, *, now: bool = False) -> tuple[str, ...] | None:
        """Who is in a channel, as of a minute ago unless it is to be `now`; None when nobody can say."""
        at = self.now()
        seen_at, members = self.rooms.get(channel_id, (at - _MEMBERS_HOLD, None))
        if members is None or now or at - seen_at >= _MEMBERS_HOLD:
            members = self.directory.members(channel_id)
            if members is not None:
                self.rooms[channel_id] = (at, members)
        return members

    def organisation(self, user_id: str, team_id: str) -> str:
        """The organisation somebody acts for: that of another company; "" of our own people and guests, wherever in our
        enterprise they are, and where nobody says."""
        home = self.home_team()
        if not team_id or team_id == home:
            return ""
        if not self.is_on_grid():
            return team_id
        with self.store.transaction() as tx:
            someone = self.look(tx, user_id).person
        someone = someone or self._ask(user_id)
        return "" if someone is None or someone.team_id == home else someone.team_id

    def is_external(self, someone: Person) -> bool:
        """Whether this is somebody of another organisation, or a guest of ours."""
        return someone.is_guest or someone.team_id != self.home_team()

    def _met(self, user_id: str, team_id: str, seen: Seen | None) -> tuple[Role, Person | None]:
        home = self.home_team()
        if not user_id or not home:
            return Role.UNKNOWN, None
        if team_id and team_id != home and not self.is_on_grid():
            return Role.CLIENT, None
        if seen is None:
            with self.store.transaction() as tx:
                seen = self.look(tx, user_id)
        if seen.is_contact:
            return Role.CLIENT, None
        someone = seen.person or self._ask(user_id)
        return _role_at_home(someone, home), someone

    def _ask(self, user_id: str) -> Person | None:
        told = self.directory.person(user_id)
        if told is not None:
            with self.store.transaction() as tx:
                rows.remember(tx, told, self.now())
        return told


def _role_at_home(someone: Person | None, home: str) -> Role:
    if someone is None or someone.is_deleted:
        return Role.UNKNOWN
    if someone.is_bot:
        return Role.BOT
    return Role.CLIENT if someone.is_guest or someone.team_id != home else Role.MEMBER
