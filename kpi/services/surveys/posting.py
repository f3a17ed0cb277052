"""From a due survey to a message where the client is: the question, its reminder, the link to its page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kpi.model import Account, Contact, Instrument, Message
from kpi.policy import Wording
from kpi.policy.surveys import DIRECT, LINK, THREAD, Programme
from kpi.services.surveys import budget, cases, wordings
from kpi.services.surveys.asking import Asking
from kpi.services.surveys.cases import About
from kpi.services.surveys.fates import Delivery, expiry_of, is_reopened
from kpi.services.surveys.moments import right_moment
from kpi.services.surveys.rules import LONGEST_WAIT, Case
from kpi.services.surveys.words import Invitation, Phrasing, Question
from kpi.store import accounts, asks, interactions, surveys
from kpi.store.store import Record, Tx

Who = tuple[Account, Contact | None]
"""The account that is asked, and the contact; None: whoever reads its channel."""

_LINK_LASTS = timedelta(days=30)
"""After a survey has closed its page still takes changes, comments and the wish to be left in peace."""
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
        who, programme = who_is_asked(tx, survey), self.asking.policy.surveys.programme(survey["programme"])
        wording = self.wording(survey)
        if who is None or programme is None or wording is None:
            _suppress(tx, survey, "no_wording" if programme and who else "conditions")
            return None
        case = self.case(tx, survey, who)
        reason, earliest = self._judged(tx, (programme, case), survey, now)
        if earliest is None:
            _suppress(tx, survey, reason or "conditions")
            return None
        moment = self.moment(tx, (programme, case), _conversation(survey, programme, case), earliest)
        if moment > now:
            surveys.change(tx, survey["survey_id"], {"due_at": moment} | ({"reason": reason} if reason else {}))
            return None
        place = next(place for place in programme.places if place in case.places)
        message = self.question(survey, who, wording, place)
        if message is None:
            _suppress(tx, survey, "no_channel")
            return None
        surveys.change(tx, survey["survey_id"], _as_asked(survey, who[0], wording, place))
        return message

    def question(self, survey: Record, who: Who, wording: Wording, place: str) -> Message | None:
        """The question in one of the places; None where it cannot be said there."""
        if place == LINK:
            return self.invitation(survey, who, wording)
        account, contact = who
        where = account.channel_id if place == THREAD else contact and contact.slack_user_id
        if not where:
            return None
        key = f"survey:{survey['survey_id']}" + ("" if place == THREAD else f":{place}")
        asked = self.phrasing.question(_question(survey, wording, contact))
        thread_ts = _thread_of(survey, account) if place == THREAD else None
        return _to_client("survey", (where, thread_ts), asked, key, (survey, account))

    def reminder(self, survey: Record, who: Who, wording: Wording) -> Message | None:
        """The question once more, in the same place; below it where it stands in a channel."""
        account, contact = who
        is_direct = survey["place"] == DIRECT
        where = contact and contact.slack_user_id if is_direct else survey["channel_id"]
        if not where:
            return None
        asked = self.phrasing.reminder(_question(survey, wording, contact))
        thread_ts = None if is_direct else thread_below(survey)
        return _to_client("reminder", (where, thread_ts), asked, f"reminder:{survey['survey_id']}", (survey, account))

    def invitation(self, survey: Record, who: Who, wording: Wording, *, by_mail: bool = True) -> Message | None:
        """The way to the page: an e-mail to the contact where we can send one, else what their account manager passes
        on; None where there is neither page nor anybody to tell."""
        (account, contact), ways = who, self.asking.ways
        until = survey["expires_at"] or survey["due_at"] + expiry_of(self.asking.policy, survey) * 2
        link = ways.link_to(survey["survey_id"], contact.id, until + _LINK_LASTS) if contact else None
        if contact is None or link is None:
            return None
        asked = Invitation(account, contact, wording, survey["locale"], link)
        key = f"invitation:{survey['survey_id']}"
        about = {"survey_id": survey["survey_id"], "responsible": account.responsible}
        if ways.can_mail and contact.email and by_mail:
            mail = self.phrasing.mail(asked)
            return Message("invitation", "person", contact.email, mail, f"{key}:mail", method="mail", **about)
        told = ways.whom(account)
        return (
            None
            if told is None
            else Message("invitation", "person", told, self.phrasing.invitation(asked), key, **about)
        )

    def elsewhere(self, tx: Tx, delivery: Delivery) -> Message | None:
        """The question in the next place, after the one it was sent to turned out to be closed; None without one. What
        no mail server took is passed on by the account manager."""
        survey = surveys.get(tx, delivery["survey_id"], lock=True)
        who, wording = (who_is_asked(tx, survey), self.wording(survey)) if survey else (None, None)
        if survey is None or who is None or wording is None or survey["state"] not in ("scheduled", "posted"):
            return None
        if delivery["method"] == "mail":
            return self.invitation(survey, who, wording, by_mail=False)
        error = str(delivery["error"] or "").split(":")[0]
        if survey["state"] != "scheduled" or error not in _PLACE_IS_GONE or delivery["resend_of"]:
            return None
        for place in self._later_places(survey, who):
            message = self.question(survey, who, wording, place)
            if message is not None:
                surveys.change(tx, survey["survey_id"], {"place": place})
                return message
        return None

    def wording(self, survey: Record) -> Wording | None:
        """The words a survey is asked in."""
        return wordings.of_survey(self.asking.policy, survey["instrument"], survey["locale"])

    def case(self, tx: Tx, survey: Record, who: Who) -> Case:
        """Whom a survey asks, as the rules see them."""
        row = interactions.get(tx, survey["interaction_id"]) if survey["interaction_id"] else None
        policy = self.asking.policy
        about = cases.about_of(policy, row) if row else About(cases.day_of(policy, survey["recorded_at"]))
        return cases.case_of(tx, policy, who, about, self.asking.ways)

    def moment(
        self, tx: Tx, asked: tuple[Programme, Case], place: tuple[str | None, str | None], at: datetime
    ) -> datetime:
        """The first right moment from `at` on at which nobody is talking in a place: a channel, or one of its threads;
        in no channel nobody is."""
        (programme, case), (channel_id, thread_ts) = asked, place
        first = right_moment(programme, case.calendar, at)
        last = asks.last_said(tx, channel_id, thread_ts) if channel_id else None
        silent = first if last is None else last + self.asking.policy.surveys.budget.quiet
        return right_moment(programme, case.calendar, silent) if silent > first else first

    def _judged(
        self, tx: Tx, asked: tuple[Programme, Case], survey: Record, now: datetime
    ) -> tuple[str | None, datetime | None]:
        """From when on a survey may be asked, with the reason where it is put off; None with the reason: never."""
        (programme, case), rules = asked, self.asking.rules
        if survey["due_at"] + programme.expiry < now:
            return "too_long_ago", None
        reason = "reopened" if is_reopened(tx, survey) else rules.withheld(programme, case)
        if reason is not None:
            return reason, None
        surveys.decide_alone(tx)
        known = budget.binding(cases.asks_around(tx, self.asking.policy, case, now, survey["survey_id"]))
        reason, later = rules.too_much(programme, case, now, known), rules.moment(programme, case, now, known)
        if reason is None:
            return None, max(now, survey["due_at"])
        if later > now and rules.too_much(programme, case, later, known) is None:
            return reason, later
        if not programme.is_relational or now - survey["recorded_at"] > LONGEST_WAIT:
            return reason, None
        return reason, right_moment(programme, case.calendar, now + _NEXT_DAY)

    def _later_places(self, survey: Record, who: Who) -> tuple[str, ...]:
        """The places of a survey's programme after the one that was tried, as far as they are open."""
        programme = self.asking.policy.surveys.programme(survey["programme"])
        tried = survey["place"] or THREAD
        if programme is None or tried not in programme.places:
            return ()
        later = programme.places[programme.places.index(tried) + 1 :]
        return tuple(place for place in later if place in cases.places(*who, self.asking.ways))


def who_is_asked(tx: Tx, survey: Record) -> Who | None:
    """Whom a survey asks today; None where the account is gone."""
    account = accounts.find(tx, survey["account_id"])
    contact = accounts.find_contact(tx, survey["contact_id"]) if survey["contact_id"] else None
    return None if account is None else (account, contact)


def thread_below(survey: Record) -> str | None:
    """The thread a posted question stands in, or begins."""
    found: str | None = survey["thread_ts"] or survey["message_ts"]
    return found


def _suppress(tx: Tx, survey: Record, reason: str) -> None:
    surveys.change(tx, survey["survey_id"], {"state": "suppressed", "reason": reason})


def _conversation(survey: Record, programme: Programme, case: Case) -> tuple[str | None, str | None]:
    """Where a question would come into a conversation: a channel and thread; no channel where it goes to none."""
    channel_id = case.channel_id if THREAD in programme.places else None
    return channel_id, survey["thread_ts"] if survey["channel_id"] == channel_id else None


def _question(survey: Record, wording: Wording, contact: Contact | None) -> Question:
    return Question(survey["token"], Instrument(survey["instrument"]), wording, survey["locale"], contact)


def _thread_of(survey: Record, account: Account) -> str | None:
    """The thread a question is asked in."""
    return survey["thread_ts"] if survey["channel_id"] == account.channel_id else None


def _as_asked(survey: Record, account: Account, wording: Wording, place: str) -> dict[str, Any]:
    return {
        "channel_id": account.channel_id,
        "thread_ts": _thread_of(survey, account),
        "owner_at_send": account.owner and account.owner.id,
        "wording_version": wording.version,
        "series": wording.series,
        "place": place,
        "reason": None,
    }


def _to_client(
    kind: str, place: tuple[str, str | None], payload: Any, key: str, about: tuple[Record, Account]
) -> Message:
    (where, thread_ts), (survey, account) = place, about
    to = {"thread_ts": thread_ts, "survey_id": survey["survey_id"], "responsible": account.responsible}
    return Message(kind, "client", where, payload, key, **to)
