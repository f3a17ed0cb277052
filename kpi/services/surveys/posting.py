"""From a due survey to a message where the client is, and what the message's fate means for the survey."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kpi.model import Account, Contact, Instrument, Message
from kpi.policy import Policy, Wording
from kpi.policy.surveys import DIRECT, LINK, THREAD, Programme
from kpi.services.surveys import budget, cases, wordings
from kpi.services.surveys.asking import Asking
from kpi.services.surveys.cases import About
from kpi.services.surveys.moments import right_moment
from kpi.services.surveys.rules import LONGEST_WAIT, Case
from kpi.services.surveys.words import Invitation, Phrasing, Question
from kpi.store import accounts, asks, deliveries, interactions, surveys
from kpi.store.store import Record, Tx

Delivery = Mapping[str, Any]

_LOST = "nobody could say whether the question arrived, and nobody asked for it to be sent again"
_LINK_LASTS = timedelta(days=30)
"""After a survey has closed its page still takes changes, comments and the wish to be left in peace."""
_MAY_ARRIVE = ("queued", "sending", "unknown", "sent")
_NEXT_DAY = timedelta(days=1)
_PLACE_IS_GONE = (
    *("channel_not_found", "is_archived", "not_in_channel", "channel_is_limited_access", "restricted_action"),
    *("user_not_found", "user_disabled", "users_not_found", "account_inactive", "cannot_dm_bot", "no_permission"),
    *("messages_tab_disabled", "user_not_visible", "thread_not_found", "restricted_action_thread_locked"),
)
"""Slack's words for a place that takes no message of ours; the question goes to the next one then."""


@dataclass(frozen=True, slots=True)
class Poster:
    """Turns due surveys into messages."""

    asking: Asking
    phrasing: Phrasing

    def message(self, tx: Tx, survey: Record, now: datetime) -> Message | None:
        """What to say for a due survey, noted on it; None when it must not be asked, or not now, which is noted too."""
        who = account_and_contact(tx, survey)
        programme = self.asking.policy.surveys.programme(survey["programme"])
        wording = wordings.of_survey(self.asking.policy, survey["instrument"], survey["locale"])
        if who is None or programme is None or wording is None:
            self._suppress(tx, survey, "no_wording" if programme and who else "conditions")
            return None
        case = self._case(tx, survey, who)
        reason = self._why_not(tx, programme, case, survey, now)
        if reason is not None:
            self._suppress(tx, survey, reason)
            return None
        if self._waits(tx, programme, case, survey, now):
            return None
        place = next(place for place in programme.places if place in case.places)
        message = self.at(survey, who, place)
        if message is None:
            self._suppress(tx, survey, "no_channel")
            return None
        surveys.change(tx, survey["survey_id"], _as_asked(survey, who[0], wording, place))
        return message

    def at(self, survey: Record, who: tuple[Account, Contact | None], place: str) -> Message | None:
        """The question in one of the places; None where it cannot be said there."""
        account, contact = who
        wording = wordings.of_survey(self.asking.policy, survey["instrument"], survey["locale"])
        if wording is None:
            return None
        if place == LINK:
            return self.invitation(survey, who, wording)
        where = account.channel_id if place == THREAD else contact and contact.slack_user_id
        if not where:
            return None
        payload = self.phrasing.question(question(survey, wording, contact))
        thread_ts = thread_of(survey, account) if place == THREAD else None
        key = f"survey:{survey['survey_id']}" + ("" if place == THREAD else f":{place}")
        return _to_client("survey", where, payload, key, (thread_ts, survey, account))

    def invitation(
        self, survey: Record, who: tuple[Account, Contact | None], wording: Wording, *, by_mail: bool = True
    ) -> Message | None:
        """The way to the page: an e-mail to the contact where we can send one, else what their account manager passes
        on; None where there is neither page nor anybody to tell."""
        account, contact = who
        ways = self.asking.ways
        until = survey["expires_at"] or survey["due_at"] + expiry_of(self.asking.policy, survey) * 2
        link = ways.link_to(survey["survey_id"], contact.id, until + _LINK_LASTS) if contact else None
        if contact is None or link is None:
            return None
        asked = Invitation(account, contact, wording, survey["locale"], link)
        key = f"invitation:{survey['survey_id']}"
        told = account.owner.slack_user_id if account.owner else None
        about = {"survey_id": survey["survey_id"], "responsible": told}
        if ways.can_mail and contact.email and by_mail:
            mail = self.phrasing.mail(asked)
            return Message("invitation", "person", contact.email, mail, f"{key}:mail", method="mail", **about)
        told = told or next(iter(ways.operators), None)
        if told is None:
            return None
        return Message("invitation", "person", told, self.phrasing.invitation(asked), key, **about)

    def elsewhere(self, tx: Tx, delivery: Delivery) -> Message | None:
        """The question in the next place, after the one it was sent to turned out to be closed; None without one. What
        no mail server took is passed on by the account manager."""
        survey = surveys.get(tx, delivery["survey_id"], lock=True)
        error = str(delivery["error"] or "").split(":")[0]
        who = account_and_contact(tx, survey) if survey else None
        if survey and who and delivery["method"] == "mail" and survey["state"] in ("scheduled", "posted"):
            wording = wordings.of_survey(self.asking.policy, survey["instrument"], survey["locale"])
            return self.invitation(survey, who, wording, by_mail=False) if wording else None
        if survey is None or survey["state"] != "scheduled" or error not in _PLACE_IS_GONE or delivery["resend_of"]:
            return None
        programme = self.asking.policy.surveys.programme(survey["programme"])
        if who is None or programme is None:
            return None
        open_ones = cases.places(*who, self.asking.ways)
        tried = survey["place"] or THREAD
        later = programme.places[programme.places.index(tried) + 1 :] if tried in programme.places else ()
        for place in (each for each in later if each in open_ones):
            message = self.at(survey, who, place)
            if message is not None:
                surveys.change(tx, survey["survey_id"], {"place": place})
                return message
        return None

    def _case(self, tx: Tx, survey: Record, who: tuple[Account, Contact | None]) -> Case:
        policy = self.asking.policy
        row = interactions.get(tx, survey["interaction_id"]) if survey["interaction_id"] else None
        at = row["occurred_at"] if row else survey["recorded_at"]
        about = About(cases.day_of(policy, at), row["kind"] if row else None, tuple(row["tags"]) if row else ())
        return cases.case_of(tx, policy, who, about, self.asking.ways)

    def _why_not(self, tx: Tx, programme: Programme, case: Case, survey: Record, now: datetime) -> str | None:
        if survey["due_at"] + programme.expiry < now:
            return "too_long_ago"
        if _reopened(tx, survey):
            return "reopened"
        reason = self.asking.rules.withheld(programme, case)
        if reason is not None:
            return reason
        surveys.decide_alone(tx)
        rules = self.asking.rules
        known = budget.binding(cases.asks_around(tx, self.asking.policy, case, now, survey["survey_id"]))
        reason, later = rules.too_much(programme, case, now, known), rules.moment(programme, case, now, known)
        if reason is None:
            return None
        if later == now or rules.too_much(programme, case, later, known):
            if not programme.is_relational or now - survey["recorded_at"] > LONGEST_WAIT:
                return reason
            later = right_moment(programme, case.calendar, now + _NEXT_DAY)
        surveys.change(tx, survey["survey_id"], {"due_at": later, "reason": reason})
        return None

    def _waits(self, tx: Tx, programme: Programme, case: Case, survey: Record, now: datetime) -> bool:
        """Whether it is put off: to its turn, to working hours, or to the end of a conversation."""
        due_at = surveys.due_at(tx, survey["survey_id"])
        moment = right_moment(programme, case.calendar, max(now, due_at))
        talking = self._talking_until(tx, programme, case, survey)
        if talking is not None and talking > moment:
            moment = right_moment(programme, case.calendar, talking)
        if moment <= now:
            return False
        surveys.change(tx, survey["survey_id"], {"due_at": moment})
        return True

    def _talking_until(self, tx: Tx, programme: Programme, case: Case, survey: Record) -> datetime | None:
        """Until when a conversation in the question's place counts as running."""
        if case.channel_id is None or not ({THREAD} & set(programme.places)):
            return None
        thread_ts = survey["thread_ts"] if survey["channel_id"] == case.channel_id else None
        last = asks.last_said(tx, case.channel_id, thread_ts)
        return None if last is None else last + self.asking.policy.surveys.budget.quiet

    def _suppress(self, tx: Tx, survey: Record, reason: str) -> None:
        surveys.change(tx, survey["survey_id"], {"state": "suppressed", "reason": reason})


def account_and_contact(tx: Tx, survey: Record) -> tuple[Account, Contact | None] | None:
    """Whom a survey asks today."""
    account = accounts.find(tx, survey["account_id"])
    contact = accounts.find_contact(tx, survey["contact_id"]) if survey["contact_id"] else None
    return None if account is None else (account, contact)


def question(survey: Record, wording: Wording, contact: Contact | None) -> Question:
    """A survey's question."""
    return Question(survey["token"], Instrument(survey["instrument"]), wording, survey["locale"], contact)


def wanted(tx: Tx, asking: Asking, delivery: Delivery, now: datetime) -> bool:
    """A survey's message should go while the survey is scheduled and not long overdue; on a human's word also then,
    and after it had failed, unless another message of it may arrive. Never to who wants no more questions."""
    survey = surveys.get(tx, delivery["survey_id"], lock=True)
    if survey is None:
        return False
    if delivery["resend_of"] is not None:
        may_go = survey["state"] in ("scheduled", "failed") and not _is_under_way(tx, survey, delivery)
        return may_go and not _wants_none(tx, survey)
    reason = _withdrawn(tx, asking, survey, now)
    if reason is not None and survey["state"] == "scheduled":
        surveys.change(tx, survey["survey_id"], {"state": "suppressed", "reason": reason})
    if delivery["kind"] == "survey" or survey["state"] == "scheduled":
        return reason is None and bool(survey["state"] == "scheduled")
    return reason != "opted_out" and bool(survey["state"] == "posted")


def _withdrawn(tx: Tx, asking: Asking, survey: Record, now: datetime) -> str | None:
    """Why a question must not go that was to go when it was queued."""
    if _wants_none(tx, survey):
        return "opted_out"
    if survey["due_at"] is not None and survey["due_at"] + expiry_of(asking.policy, survey) < now:
        return "too_long_ago"
    return "reopened" if _reopened(tx, survey) else None


def settle(tx: Tx, asking: Asking, delivery: Delivery) -> None:
    """The message arrived: the survey is posted. It never will: failed. Nobody can say: the survey waits.

    A refused resend says nothing about the message it was to repeat, which may have arrived; and a reminder nothing
    about the question.
    """
    survey = surveys.get(tx, delivery["survey_id"], lock=True)
    if survey is None or delivery["kind"] == "reminder":
        return
    if delivery["state"] == "sent":
        arrived(tx, asking.policy, survey, delivery)
    if delivery["state"] == "dead" and survey["state"] == "scheduled" and delivery["resend_of"] is None:
        fate = {"state": "failed", "reason": delivery["error"] or "refused", "closed_at": delivery["finished_at"]}
        surveys.change(tx, survey["survey_id"], fate)


def arrived(tx: Tx, policy: Policy, survey: Record, delivery: Delivery) -> None:
    """A survey's message arrived."""
    if survey["state"] in ("scheduled", "failed"):
        surveys.change(tx, survey["survey_id"], _posted(policy, survey, delivery))
    elif delivery["kind"] == "invitation":
        surveys.change(tx, survey["survey_id"], {"invited_at": delivery["finished_at"]})


def expire(tx: Tx, asking: Asking, now: datetime) -> int:
    """Close the surveys whose time is over; how many there were."""
    spans = [programme.expiry for programme in asking.policy.surveys.programmes]
    surveys.forget_salts(tx, now - asking.policy.surveys.edit)
    return surveys.expire(tx, now) + surveys.fail_unknown(tx, now - max(spans, default=timedelta(days=7)), _LOST, now)


def expiry_of(policy: Policy, survey: Record) -> timedelta:
    """How long a survey is open, by its programme; of one that is no more, a week."""
    programme = policy.surveys.programme(survey["programme"])
    return programme.expiry if programme else timedelta(days=7)


def _wants_none(tx: Tx, survey: Record) -> bool:
    """Whether the person asked has said meanwhile that they want no more questions."""
    contact = accounts.find_contact(tx, survey["contact_id"]) if survey["contact_id"] else None
    return contact is not None and contact.opted_out


def _is_under_way(tx: Tx, survey: Record, repeated: Delivery) -> bool:
    """Whether another message of the survey than the one to repeat may reach somebody."""
    same = {repeated["resend_of"], repeated.get("delivery_id")}
    others = deliveries.of_survey(tx, survey["survey_id"], "survey", "invitation")
    return any(each["delivery_id"] not in same and each["state"] in _MAY_ARRIVE for each in others)


def thread_of(survey: Record, account: Account) -> str | None:
    """The thread a survey's question goes into."""
    return survey["thread_ts"] if survey["channel_id"] == account.channel_id else None


def _reopened(tx: Tx, survey: Record) -> bool:
    row = interactions.get(tx, survey["interaction_id"]) if survey["interaction_id"] else None
    return row is not None and row["reopened_at"] is not None


def _as_asked(survey: Record, account: Account, wording: Wording, place: str) -> dict[str, Any]:
    return {
        "channel_id": account.channel_id,
        "thread_ts": thread_of(survey, account),
        "owner_at_send": account.owner and account.owner.id,
        "wording_version": wording.version,
        "series": wording.series,
        "place": place,
        "reason": None,
    }


def _posted(policy: Policy, survey: Record, delivery: Delivery) -> dict[str, Any]:
    expiry = expiry_of(policy, survey)
    is_link = delivery["kind"] == "invitation"
    return {
        "state": "posted",
        "reason": None,
        "closed_at": None,
        "posted_at": delivery["finished_at"],
        "expires_at": delivery["finished_at"] + expiry,
        "place": LINK if is_link else DIRECT if delivery["channel_id"][:1] in "UWD" else THREAD,
        "message_ts": None if is_link else delivery["message_ts"],
        "invited_at": delivery["finished_at"] if is_link else None,
    }


def _to_client(kind: str, where: str, payload: Any, key: str, about: tuple[str | None, Record, Account]) -> Message:
    thread_ts, survey, account = about
    return Message(
        kind,
        "client",
        where,
        payload,
        key,
        thread_ts=thread_ts,
        survey_id=survey["survey_id"],
        responsible=account.owner.slack_user_id if account.owner else None,
    )
