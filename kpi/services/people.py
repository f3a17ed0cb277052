"""Who somebody is to us, and who may read a channel; what the chat system cannot say counts as the worse case."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from kpi.errors import KpiError, Refused
from kpi.model import Person
from kpi.ports import Directory, Now
from kpi.store import accounts
from kpi.store import people as rows
from kpi.store.store import Store

_PERSON_HOLDS = timedelta(hours=24)
_CHANNEL_HOLDS = timedelta(minutes=5)
_MEMBERS_HOLD = timedelta(minutes=1)


class Role(StrEnum):
    """What somebody is to us. `client`: another organisation, a guest, or a known contact."""

    CLIENT = "client"
    MEMBER = "member"
    BOT = "bot"
    UNKNOWN = "unknown"


class NobodyCanSay(KpiError):
    """The chat system did not answer who a person is."""

    def __init__(self) -> None:
        super().__init__("Slack did not tell us who you are; nothing was stored, please try again in a moment.")


@dataclass(frozen=True)
class People:
    """Tells clients from our own people. `home_team` answers the organisation the bot is installed in."""

    store: Store
    directory: Directory
    now: Now
    home_team: Callable[[], str]
    rooms: dict[str, tuple[datetime, tuple[str, ...]]] = field(default_factory=dict)
    """Who was in which channel when this process last asked."""

    def role(self, user_id: str, team_id: str) -> Role:
        """What this user is to us; `team_id` is their own organisation as the payload says, or ""."""
        home = self.home_team()
        if not user_id or not home:
            return Role.UNKNOWN
        if team_id and team_id != home:
            return Role.CLIENT
        return self._role_at_home(user_id, home)

    def require_member(self, user_id: str, team_id: str, doing: str) -> None:
        """Raise unless this is a full member of our own organisation; `doing` ends the sentence they read."""
        role = self.role(user_id, team_id)
        if role is Role.UNKNOWN:
            raise NobodyCanSay
        if role is not Role.MEMBER:
            raise Refused(f"Only full members of the organisation that runs this bot can {doing}.")

    def is_externally_shared(self, channel_id: str) -> bool:
        """Whether another organisation may read this channel; True also when nobody can say."""
        now = self.now()
        with self.store.transaction() as tx:
            known = rows.shared(tx, channel_id, now - _CHANNEL_HOLDS)
        if known is not None:
            return known
        told = self.directory.is_externally_shared(channel_id)
        if told is not None:
            with self.store.transaction() as tx:
                rows.remember_shared(tx, channel_id, told, now)
        return told is not False

    def forget_channel(self, channel_id: str) -> None:
        """A channel's standing changed: ask again the next time it matters."""
        with self.store.transaction() as tx:
            rows.forget_shared(tx, channel_id)

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

    def is_external(self, someone: Person) -> bool:
        """Whether this is somebody of another organisation, or a guest of ours."""
        return someone.is_guest or someone.team_id != self.home_team()

    def _role_at_home(self, user_id: str, home: str) -> Role:
        with self.store.transaction() as tx:
            if accounts.is_contact(tx, user_id):
                return Role.CLIENT
            found = rows.known(tx, user_id, self.now() - _PERSON_HOLDS)
        found = found or self._ask(user_id)
        if found is None or found.is_deleted:
            return Role.UNKNOWN
        if found.is_bot:
            return Role.BOT
        return Role.CLIENT if found.is_guest or found.team_id != home else Role.MEMBER

    def _ask(self, user_id: str) -> Person | None:
        told = self.directory.person(user_id)
        if told is not None:
            with self.store.transaction() as tx:
                rows.remember(tx, told, self.now())
        return told
