"""What goes into and comes out of the accounts' use cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kpi.model import Account, Actor, Person

Payload = Mapping[str, Any]

FIELDS = (
    "name", "channel", "owner", "segment", "language", "zone", "starts_on", "notice_on", "ends_on", "reason",
    "amount", "amount_from",
)  # fmt: skip
"""The fields of the form that hold a text; beside them `contacts`, which holds people."""

ME = "me"
"""Chosen as owner: whoever fills in the form, who is no owner yet."""

REASON_CHARS = 3000
MOST_LISTED = 100
"""How many people a message or a menu names."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a menu."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Amount:
    """What an account pays every month over `[starts_on, ends_on)`, in major units."""

    starts_on: date
    ends_on: date | None
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountForm:
    """What the form offers. `shown` is every field's text as it is filled in at first, `owner` the chosen one.

    `owners` is None where there are more than a menu holds: they are searched for. `channel_id` is the account's
    channel, or the one the form was opened in, from which contacts are picked; `note` is said above the fields.
    """

    account: Account | None
    shown: Mapping[str, str]
    owner: Choice | None
    owners: tuple[Choice, ...] | None
    languages: tuple[str, ...]
    segments: tuple[str, ...]
    zone: str
    currency: str
    amounts: tuple[Amount, ...] = ()
    contacts: tuple[str, ...] = ()
    has_term: bool = False
    channel_id: str | None = None
    place: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A form as sent: every field's text, which of them differ from what it showed, and the users picked as contacts.

    `account_id` is None where a new account is wanted, `place` the channel the form was opened in.
    """

    form_id: str
    by: Actor
    account_id: int | None
    said: Mapping[str, str]
    changed: frozenset[str]
    picked: tuple[str, ...] = ()
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving changed: by field, what it was before and what it is now; nothing where all was so already.

    `noted` is the number of audit's note of it, None without a change.
    """

    account: Account
    is_new: bool
    changes: Mapping[str, tuple[Any, Any]]
    noted: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """People to pick from, under a heading."""

    label: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """Who is in an account's channel: the contacts by name, people from outside who are none, and how many nobody
    could speak of. Not `is_seen`: nobody shows us who is there."""

    account: Account
    channel_id: str
    contacts: tuple[str, ...]
    strangers: tuple[Person, ...]
    unknown: int = 0
    is_seen: bool = True


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The messages about accounts as the chat system takes them: the offer (of a channel), what was saved, a circle."""

    offer: Callable[[str], Payload]
    saved: Callable[[Saved], Payload]
    people: Callable[[Circle], Payload]
