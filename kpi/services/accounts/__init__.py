"""Accounts by hand: the form that makes and changes them, the offer of it, and who in a channel is a contact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kpi.model import Actor, Message, Person
from kpi.policy import Policy
from kpi.ports import Now, Queue
from kpi.services.accounts import circles, contacts, forms
from kpi.services.accounts.saving import Saving
from kpi.services.accounts.words import MOST_LISTED, AccountForm, Choice, Circle, Group, Payload, Phrasing, Saved, Wish
from kpi.services.deliveries import enqueue
from kpi.services.intake import Intake
from kpi.services.people import People, Role
from kpi.store import accounts, portfolio
from kpi.store.intake import lock
from kpi.store.store import Store, Tx

JOB = "meet_people"
_PATIENCE_SECONDS = 1
_ASKS_AT_ONCE, _ASKS_IN_A_JOB = 10, 200
_ASKING_TIME = timedelta(seconds=1.5)
"""A listener has three seconds: within so much one more question is begun, which takes a second at most."""

_QUOTES = ' "“”„«»'


@dataclass(frozen=True)
class Accounts:
    """Makes and changes accounts on the word of our own people, and knows who in their channels is who."""

    store: Store
    queue: Queue
    now: Now
    policy: Policy
    people: People
    intake: Intake
    phrasing: Phrasing

    def form(self, by: Actor, channel_id: str | None, name: str) -> AccountForm:
        """What the form offers in this place; meanwhile the channel's people are learnt. Refused for clients."""
        self._require_member(by)
        here = channel_id if channel_id and channel_id[0] in "CG" else None
        with self.store.transaction() as tx:
            form = forms.form(tx, self.policy, forms.Asked(by, here, name.strip(_QUOTES)))
            if form.channel_id:
                self.queue.enqueue(tx, JOB, {"channel_id": form.channel_id})
        return form

    def owners_like(self, by: Actor, search: str) -> tuple[Choice, ...]:
        """Owners to choose from, as many as a menu holds."""
        self._require_member(by)
        with self.store.transaction() as tx:
            return forms.owners_like(tx, by, search)

    def zones_like(self, by: Actor, search: str) -> tuple[str, ...]:
        """Zones to choose from, as many as a menu holds."""
        self._require_member(by)
        return forms.zones_like(self.policy, search)

    def people_like(self, by: Actor, place: tuple[int | None, str | None], search: str) -> tuple[Group, ...]:
        """Who in a channel could become a contact of an account (`place`: account, channel), people from outside
        first; those who can be learnt in time, as many as a menu holds."""
        until = self.now() + _ASKING_TIME
        self._require_member(by)
        account_id, channel_id = place
        members = (self.people.in_channel(channel_id) if channel_id else None) or ()
        known = self.people.acquainted(members, _ASKS_AT_ONCE, until)
        with self.store.transaction() as tx:
            stored = contacts.by_user(portfolio.contacts(tx, account_id) if account_id else ())
            ours = contacts.looking_after(tx, by)
        free = [one for one in known.values() if contacts.why_not(one.user_id, one, ours) is None]
        confirmed = {user_id for user_id, row in stored.items() if row["confirmed_at"]}
        return self._grouped(one for one in free if one.user_id not in confirmed and _is_like(one, search))

    def save(self, wish: Wish) -> Saved:
        """Save a form in one transaction; sent again, it changes nothing more. Misfilled says what is wrong where.

        Whoever saved hears what changed, and then who from outside is in the channel and no contact.
        """
        until = self.now() + _ASKING_TIME
        self._require_member(wish.by)
        known = self.people.acquainted((*wish.picked[:MOST_LISTED], wish.by.user_id), _ASKS_AT_ONCE, until)
        with self.store.transaction() as tx:
            lock(tx, _PATIENCE_SECONDS)
            saved = Saving(tx, self.intake, known, self.now()).run(wish)
            self._tell(tx, wish, saved)
        return saved

    def offer(self, channel_id: str, inviter: Actor) -> bool:
        """Offer whoever brought us into a channel to set up its account: once ever for a channel, never where there is
        one, and to our own people only. Whether it was offered now."""
        if self.people.role(inviter.user_id, inviter.team_id) is not Role.MEMBER:
            return False
        with self.store.transaction() as tx:
            if accounts.in_channel(tx, channel_id):
                return False
            payload, key = self.phrasing.offer(channel_id), f"offer:channel:{channel_id}"
            is_first = enqueue(tx, self.queue, _whisper(channel_id, inviter, payload, key), self.now()) is not None
            if is_first:
                self.queue.enqueue(tx, JOB, {"channel_id": channel_id})
        return is_first

    def meet(self, channel_id: str) -> tuple[tuple[str, ...], dict[str, Person]] | None:
        """Learn who is in a channel: its members, and those of them somebody could speak of; None: nobody says."""
        members = self.people.in_channel(channel_id, now=True)
        return None if members is None else (members, self.people.acquainted(members, _ASKS_IN_A_JOB))

    def introduce(self, account_id: int, user_id: str, occasion: str) -> None:
        """Learn who is in an account's channel and tell one of our people who of them is no contact, once for each
        occasion; nothing where everybody is known."""
        with self.store.transaction() as tx:
            account = accounts.find(tx, account_id)
        if account is None or account.channel_id is None:
            return
        seen = self.meet(account.channel_id)
        with self.store.transaction() as tx:
            circle = circles.drawn(tx, self.people, account, seen) if seen else circles.unseen(account)
            if circle.strangers or not circle.is_seen:
                message = Message("notice", "person", user_id, self.phrasing.people(circle), f"people:{occasion}")
                enqueue(tx, self.queue, message, self.now())

    def add_contacts(self, account_id: int, user_ids: Sequence[str], by: Actor) -> tuple[str, ...]:
        """Make people of a channel contacts of its account; the names of those who were not. Twice changes nothing."""
        until = self.now() + _ASKING_TIME
        self._require_member(by)
        known = self.people.acquainted(user_ids, _ASKS_AT_ONCE, until)
        with self.store.transaction() as tx:
            lock(tx, _PATIENCE_SECONDS)
            return circles.joined(tx, Saving(tx, self.intake, known, self.now()), account_id, user_ids, by)

    def circle(self, account_id: int) -> Circle:
        """Who is in an account's channel, from what is known already."""
        with self.store.transaction() as tx:
            account = circles.account_of(tx, account_id)
        members = self.people.in_channel(account.channel_id) if account.channel_id else None
        if members is None:
            return circles.unseen(account)
        known = self.people.acquainted(members, 0)
        with self.store.transaction() as tx:
            return circles.drawn(tx, self.people, account, (members, known))

    def _require_member(self, by: Actor) -> None:
        self.people.require_member(by.user_id, by.team_id, "set up accounts")

    def _grouped(self, people: Iterable[Person]) -> tuple[Group, ...]:
        found = sorted(people, key=lambda one: (not self.people.is_external(one), one.name.casefold()))[:MOST_LISTED]
        parts = {
            "From another organisation": [one for one in found if self.people.is_external(one) and not one.is_guest],
            "Guests": [one for one in found if one.is_guest],
            "Full members; they will count as clients": [one for one in found if not self.people.is_external(one)],
        }
        return tuple(Group(label, tuple(members)) for label, members in parts.items() if members)

    def _tell(self, tx: Tx, wish: Wish, saved: Saved) -> None:
        if saved.noted is not None:
            told = _whisper(wish.place, wish.by, self.phrasing.saved(saved), f"account:saved:{saved.noted}")
            enqueue(tx, self.queue, told, self.now())
        if saved.account.channel_id:
            whom = {"account_id": saved.account.id, "user_id": wish.by.user_id, "occasion": wish.form_id}
            self.queue.enqueue(tx, JOB, {"channel_id": saved.account.channel_id, **whom})


def _whisper(channel_id: str | None, to: Actor, payload: Payload, key: str) -> Message:
    """A notice for one person's eyes, in a channel where there is one."""
    if channel_id is None:
        return Message("notice", "person", to.user_id, payload, key)
    return Message("notice", "person", channel_id, payload, key, method="chat.postEphemeral", user_id=to.user_id)


def _is_like(someone: Person, search: str) -> bool:
    return search.casefold().strip() in someone.name.casefold()
