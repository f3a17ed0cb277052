"""What goes into and comes out of the survey use cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi.errors import KpiError
from kpi.model import Account, Actor, Contact, Instrument
from kpi.policy import Wording
from kpi.services.surveys.rates import Rate

Payload = Mapping[str, Any]
Ref = int | str
"""What names an account, contact or owner: our id, or the operator's key."""

COMMENT_CHARS, NOTE_CHARS, REASON_CHARS = 3000, 3000, 500
"""How long a client's comment, an interaction's note and the reason for a cancelled question may be."""

SUPPRESSED = {
    "kind_not_asked": "this kind of interaction is not followed by a question",
    "conditions": "the programme's conditions do not hold",
    "switched_off": "the programme is switched off for this account",
    "no_channel": "there is nowhere to ask: no channel, no Slack user, no link",
    "opted_out": "the contact asked not to be surveyed",
    "asked_recently": "they would be asked twice within the quiet time between two questions",
    "asked_same": "they were asked the same not long ago",
    "asked_other": "they were asked something else not long ago",
    "account_budget": "the account has had its questions for now",
    "channel_budget": "the channel has had its question for the day",
    "nps_first": "the quarterly question comes first",
    "not_sampled": "the draw left it out",
    "not_drawn": "others of the account were drawn this time",
    "too_long_ago": "the interaction lies too far back",
    "no_wording": "there is no wording for the question",
    "reopened": "the interaction was reopened",
}
"""Why an interaction is not followed by a question: stored word → what people read."""


class AlreadyStored(KpiError):
    """The source gave something else under the same external_id before."""


class Closed(KpiError):
    """The survey takes no answers any more, or none yet; the text says which."""


class Scoreless(KpiError):
    """A comment came before there is a score to comment on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRequest:
    """An interaction to log. `by` is the Slack user who does, None for a program, which `logged_by` then names."""

    account: Ref
    kind: str
    occurred_at: datetime
    source: str
    external_id: str
    logged_by: str
    by: Actor | None = None
    contact: Ref | None = None
    owner: Ref | None = None
    note: str | None = None
    channel_id: str | None = None
    thread_ts: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """What logging led to: a question to `contact` (None: whoever in the channel answers) at `due_at`, or why not."""

    interaction_id: int
    account: Account
    contact: Contact | None
    survey_id: int | None = None
    due_at: datetime | None = None
    wording: Wording | None = None
    reason: str | None = None
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question about to be asked; `contact` is addressed by name, where somebody is."""

    token: str
    instrument: Instrument
    wording: Wording
    locale: str
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A question behind a link: what an account manager passes on, or an e-mail says."""

    account: Account
    contact: Contact
    wording: Wording
    locale: str
    link: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody nobody knows answered for an account: what they said waits until one of our people says who they are.

    `alike`: contacts of the account without a Slack user whose names are like theirs, the likest first.
    """

    account: Account
    user_id: str
    team_id: str
    name: str
    alike: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How clients and our own people are reached beside the channel.

    `link_to`: (survey, contact, until) → the address of the page, None without one. `secrets` go into the names of
    nameless respondents, the newest first. `operators` hear what nobody is responsible for.
    """

    link_to: Callable[[int, int, datetime], str | None] = lambda _survey, _contact, _until: None
    has_links: bool = False
    can_mail: bool = False
    secrets: tuple[bytes, ...] = (b"",)
    operators: tuple[str, ...] = ()

    def whom(self, account: Account) -> str | None:
        """Who of ours hears of an account's clients: whoever looks after it, else the first operator."""
        return account.responsible or next(iter(self.operators), None)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says to a question; None: nothing about that now."""

    score: int | None = None
    comment: str | None = None
    tags: tuple[str, ...] | None = None
    clears_comment: bool = False

    @property
    def given(self) -> dict[str, Any]:
        """The columns of it."""
        given: dict[str, Any] = {} if self.score is None else {"score": self.score}
        if self.comment is not None or self.clears_comment:
            given["comment"] = self.comment
        return given if self.tags is None else {**given, "tags": list(self.tags)}


@dataclass(frozen=True, slots=True)
class Click:
    """A press of a score's button; `message_ts` is the message it stands in."""

    actor: Actor
    token: str
    score: int
    channel_id: str | None
    message_ts: str | None


@dataclass(frozen=True, slots=True)
class CommentForm:
    """What a comment's form shows: what it asks, what may be ticked, and what was said before."""

    token: str
    prompt: str
    locale: str
    comment: str
    tags: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogForm:
    """What the form for logging offers. More accounts than a menu holds: `accounts` is None, they are searched for."""

    account: Account | None
    accounts: tuple[Account, ...] | None
    contacts: tuple[Contact, ...] | None
    kinds: tuple[str, ...]
    now: datetime
    channel_id: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How the programme went in some time; `suppressed` by what people read as the reason.

    `skipped` of the cancelled were called off by hand. `rate`: of the questions whose time to answer ended then.
    """

    asked: int
    answered: int
    expired: int
    cancelled: int
    failed: int
    suppressed: Mapping[str, int]
    skipped: int = 0
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What a client wrote, as they wrote it: not escaped for any display. Without a name, it has no score either."""

    account: str
    instrument: Instrument
    score: int | None
    comment: str
    written_at: datetime


def _nothing(_: Any) -> Payload:
    return {"text": ""}


@dataclass(frozen=True, slots=True)
class Phrasing:
    """The messages of the survey programme as the chat system takes them; thanks get token, wording and locale.

    `mail` is an e-mail: {subject, text, link}.
    """

    question: Callable[[Question], Payload]
    thanks: Callable[[str, Wording, str], Payload]
    logged: Callable[[Logged], Payload]
    reminder: Callable[[Question], Payload] = _nothing
    invitation: Callable[[Invitation], Payload] = _nothing
    mail: Callable[[Invitation], Payload] = _nothing
    stranger: Callable[[Stranger], Payload] = _nothing
