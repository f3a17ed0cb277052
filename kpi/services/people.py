"""Who somebody is to us, and who may read a channel; what the chat system cannot say counts as the worse case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kpi.errors import KpiError, Refused
from kpi.model import Person
from kpi.ports import Directory, Now
from kpi.store import accounts
from kpi.store import people as rows
from kpi.store.store import Store

_PERSON_HOLDS = timedelta(hours=24)
_CHANNEL_HOLDS = timedelta(minutes=5)


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
