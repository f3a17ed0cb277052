"""What a contact says on the page behind a link. With what they say in Slack it is one answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from kpi.errors import KpiError, Misfilled
from kpi.model import Contact, Instrument
from kpi.policy import Policy, Wording
from kpi.ports import Now
from kpi.services.surveys import answering, opting, wordings
from kpi.services.surveys.holding import hold
from kpi.services.surveys.links import Link, Links
from kpi.services.surveys.opting import Wish
from kpi.services.surveys.words import Closed, Said
from kpi.store import accounts, surveys
from kpi.store.store import Record, Store, Tx


class UnknownLink(KpiError):
    """The link was not made by us, or what it led to is gone."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands behind a link: the question, what this contact answered so far, and what they wish.

    `until`: when an answer, or its change, stops being taken; None where none is taken now. `tags` may be ticked.
    """

    instrument: Instrument
    wording: Wording
    locale: str
    until: datetime | None
    is_anonymous: bool = False
    score: int | None = None
    comment: str = ""
    tags: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()
    wish: Wish | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it is too late for an answer, or for a change of the one given."""
        return self.until is None


@dataclass(frozen=True, slots=True)
class _Entered:
    """A survey and its contact, behind one link; `whose` answers it."""

    survey: Record
    contact: Contact
    whose: Contact | str


@dataclass(frozen=True)
class ByLink:
    """Opens links and takes what is said behind them. UnknownLink for a token that is not ours, Closed for one whose
    time is over; nothing is stored then. `secrets` go into the names of nameless respondents."""

    store: Store
    now: Now
    policy: Policy
    links: Links
    secrets: tuple[bytes, ...] = (b"",)

    def link(self, token: str) -> Link:
        """What a token stands for, without a look into the database."""
        found = self.links.read(token)
        if found is None:
            raise UnknownLink("This link is not one of ours.")
        if found.expires_at <= self.now():
            raise Closed("This link is not valid any more.")
        return found

    def open(self, token: str) -> Opened:
        """The question and the answer as they stand; changes nothing."""
        with self._entered(token) as (tx, entered):
            reply = answering.answer_of(tx, entered.survey, entered.whose)
            return self._opened(entered, reply)

    def answer(self, token: str, score: int) -> None:
        """Store a score, or change the one given; Closed when it is too late, Misfilled when there is no such score."""
        with self._entered(token, lock=True) as (tx, entered):
            if score not in Instrument(entered.survey["instrument"]).scale:
                raise Misfilled("score", "There is no such answer to this question; nothing was stored.")
            self._put(tx, entered, Said(score=score))

    def comment(self, token: str, text: str, tags: tuple[str, ...]) -> None:
        """Store why, whole, also after the survey closed; Misfilled names what cannot be stored."""
        comment = answering.checked_comment(text)
        with self._entered(token, lock=True) as (tx, entered):
            said = Said(comment=comment, tags=tuple(dict.fromkeys(tags)), clears_comment=True)
            answering.require_tags(self.policy, entered.survey, said)
            self._put(tx, entered, said)

    def wish(self, token: str, wish: Wish) -> None:
        """Heed what the contact wishes, also after the survey closed."""
        with self._entered(token, lock=True) as (tx, entered):
            opting.heed(tx, self.policy, (entered.survey, entered.contact), wish, self.now())

    @contextmanager
    def _entered(self, token: str, *, lock: bool = False) -> Iterator[tuple[Tx, _Entered]]:
        link = self.link(token)
        with self.store.transaction() as tx:
            survey = hold(tx, link.survey_id) if lock else surveys.get(tx, link.survey_id)
            contact = _contact(tx, link, survey) if survey else None
            if survey is None or contact is None:
                raise UnknownLink("What this link led to is gone.")
            yield tx, _Entered(survey, contact, self._whose(tx, survey, contact))

    def _whose(self, tx: Tx, survey: Record, contact: Contact) -> Contact | str:
        """The contact; to an anonymous survey the nameless respondent their clicks in Slack would make them."""
        if not survey["is_anonymous"]:
            return contact
        return answering.nameless(tx, survey, contact.slack_user_id or f"contact:{contact.id}", self.secrets)

    def _put(self, tx: Tx, entered: _Entered, said: Said) -> None:
        if entered.survey["state"] in ("scheduled", "failed"):
            answering.arrived_by_link(tx, self.policy, entered.survey["survey_id"], self.now())
            entered = replace(entered, survey=surveys.get(tx, entered.survey["survey_id"]) or entered.survey)
        answering.put(tx, self.policy, entered.survey, entered.whose, (said, self.now()))

    def _opened(self, entered: _Entered, reply: Record | None) -> Opened:
        survey = entered.survey
        wording = wordings.of_survey(self.policy, survey["instrument"], survey["locale"])
        if wording is None:
            raise Closed("This survey is over.")
        return Opened(
            instrument=Instrument(survey["instrument"]),
            wording=wording,
            locale=survey["locale"],
            until=self._until(survey, reply),
            is_anonymous=survey["is_anonymous"],
            score=reply["score"] if reply else None,
            comment=(reply["comment"] if reply else None) or "",
            tags=answering.tags_of(self.policy, survey),
            ticked=tuple(reply["tags"]) if reply else (),
            wish=_wish(entered.contact),
        )

    def _until(self, survey: Record, reply: Record | None) -> datetime | None:
        try:
            answering.require_open(self.policy, survey, reply, self.now())
        except Closed:
            return None
        return answering.closes_at(self.policy, survey, reply)


def _contact(tx: Tx, link: Link, survey: Record) -> Contact | None:
    """The link's contact; when they were merged into another, the one the survey belongs to since then."""
    found = accounts.find_contact(tx, link.contact_id)
    merged_into = survey["contact_id"]
    return accounts.find_contact(tx, merged_into) if found is None and merged_into else found


def _wish(contact: Contact) -> Wish | None:
    if contact.opted_out:
        return Wish.STOP
    return Wish.LESS if contact.asked_less else None
