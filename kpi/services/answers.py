"""Who may ask for numbers, where the answer may be said, and in which language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from kpi.errors import Refused
from kpi.model import Actor, Message, Scope
from kpi.policy import AccessPolicy
from kpi.ports import Now, Queue
from kpi.services.access import Admitted, Asker, admitted, looks_at_owners, narrowed
from kpi.services.asked import Entry, kept
from kpi.services.deliveries import enqueue
from kpi.services.groups import Groups
from kpi.services.people import People
from kpi.store import admission
from kpi.store.store import Store

LATER = "answer_later"
"""The job that answers what takes longer."""
PICTURE = "files.completeUploadExternal"
"""How a picture is delivered."""
_PATIENCE = timedelta(seconds=1.5)
"""How long after a question groups are still asked for: one takes up to a second, the answer is due in three."""


class Place(StrEnum):
    """Where numbers go: where they were asked for, in a message of their own to the asker, or nowhere."""

    HERE = "here"
    PRIVATELY = "privately"
    NOWHERE = "nowhere"


_WHEN_SHARED = {"direct_message": Place.PRIVATELY, "ephemeral": Place.HERE, "refuse": Place.NOWHERE}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the workspace decided: access.yaml, its language, and whom to turn to, as it is said (`<@U012AB3CD>`)."""

    access: AccessPolicy
    language: str = "en"
    whom: str = "whoever runs this bot"


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody may ask: about whom, where the numbers go, and in which language they are read."""

    who: Actor
    access: Admitted
    numbers: Place
    language: str
    may_share: bool
    entry: Entry = field(default_factory=Entry)
    """What the list of questions will have of this one: set `understood` as soon as that is known."""

    @property
    def owners(self) -> frozenset[int] | None:
        """The owners among whose accounts names are looked for; None: among all (`scopes.resolve`)."""
        return self.access.owners

    def place(self) -> Place:
        """Where numbers may be said. Refused where the workspace wants none in shared channels."""
        if self.numbers is Place.NOWHERE:
            raise Refused(
                "This channel is, or may be, shared with another organisation: please ask in one of our own.",
                "shared channel",
            )
        return self.numbers

    def scope(self, asked: Scope | None) -> Scope | None:
        """What they asked about as they may have it; Refused for what is not theirs (`access.narrowed`)."""
        return narrowed(asked, self.access)

    def require_sharing(self) -> None:
        """Raise, politely, unless they may share an answer to a channel."""
        if not self.may_share:
            raise Refused("You may ask, but not share answers to channels.", "may not share")


@dataclass(frozen=True, slots=True)
class Answers:
    """Lets those ask who may, and keeps numbers out of channels another organisation can read."""

    store: Store
    queue: Queue
    now: Now
    people: People
    groups: Groups
    rules: Rules

    @contextmanager
    def asking(self, who: Actor, channel_id: str | None) -> Iterator[Admission]:
        """Admit somebody to ask inside; whether they are, and what becomes of it, is written down when it ends."""
        with kept(self.store, who.user_id, self.now()) as entry:
            admission = self.admit(who, channel_id)
            entry.way = admission.access.way
            yield replace(admission, entry=entry)

    def admit(self, who: Actor, channel_id: str | None) -> Admission:
        """Raise, politely, unless they may ask; `channel_id` is where they do.

        What is remembered takes one transaction; only what is not known, or too old, is asked for.
        """
        began, ask = self.now(), self.rules.access.ask
        with self.store.transaction() as tx:
            seen = self.people.look(tx, who.user_id, channel_id)
            in_groups = self.groups.known(tx, who.user_id, ask.groups)
            team = admission.team(tx, who.user_id) if looks_at_owners(ask) else ()
        someone = self.people.member(who, "ask for KPIs", seen)
        shared = channel_id is None or self.people.is_externally_shared(channel_id, seen)
        is_in = partial(self.groups.is_in, who.user_id, in_groups, until=began + _PATIENCE)
        access = admitted(ask, Asker(who.user_id, team, is_in), self.rules.whom)
        numbers = _WHEN_SHARED[self.rules.access.externally_shared] if shared else Place.HERE
        may_share = ask.share == "own" or (ask.share == "all" and access.team is None)
        return Admission(who, access, numbers, someone.locale or self.rules.language, may_share)

    def say_privately(self, user_id: str, payload: Mapping[str, Any], occasion: str) -> None:
        """Send an answer to the person who asked; `occasion` is unique to the question, so it is said once."""
        message = Message("answer", "person", user_id, payload, f"answer:{occasion}")
        with self.store.transaction() as tx:
            enqueue(tx, self.queue, message, self.now())

    def show(self, user_id: str, payload: Mapping[str, Any], occasion: str) -> None:
        """Send a picture to the person who asked, once for an occasion."""
        message = Message("picture", "person", user_id, payload, f"picture:{occasion}", method=PICTURE)
        with self.store.transaction() as tx:
            enqueue(tx, self.queue, message, self.now())

    def later(self, who: Actor, words: str, occasion: str) -> None:
        """Have a request answered by the queue, as a message of its own to the person who asks."""
        args = {"user_id": who.user_id, "team_id": who.team_id, "words": words, "occasion": occasion}
        with self.store.transaction() as tx:
            self.queue.enqueue(tx, LATER, args, urgent=True)

    def share(self, admission: Admission, payload: Mapping[str, Any], place: tuple[str, str]) -> None:
        """Post an answer to a channel of ours on behalf of who shares it, once for a (channel, occasion).

        Refused for who may not, and for a channel another organisation reads, or may read.
        """
        admission.require_sharing()
        channel_id, occasion = place
        if self.people.is_externally_shared(channel_id):
            raise Refused(
                "That channel is, or may be, shared with another organisation; figures are shared in our own alone.",
                "shared channel",
            )
        who = admission.who.user_id
        message = Message("share", "internal", channel_id, payload, f"share:{channel_id}:{occasion}", responsible=who)
        with self.store.transaction() as tx:
            enqueue(tx, self.queue, message, self.now())
