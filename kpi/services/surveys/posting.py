"""From a due survey to a message in the account's channel, and what the message's fate means for the survey."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kpi.model import Account, Contact, Instrument, Message
from kpi.policy import Policy, Wording
from kpi.services.surveys import wordings
from kpi.services.surveys.words import Phrasing, Question
from kpi.store import accounts, surveys
from kpi.store.store import Record, Tx

Delivery = Mapping[str, Any]
_LOST = "nobody could say whether the question arrived, and nobody asked for it to be sent again"


def message(tx: Tx, policy: Policy, phrasing: Phrasing, survey: Record, now: datetime) -> Message | None:
    """What to post for a due survey, noted on it as posted; None when it may not be asked any more, with the reason."""
    account = accounts.find(tx, survey["account_id"])
    contact = accounts.find_contact(tx, survey["contact_id"]) if survey["contact_id"] else None
    wording = wordings.of_survey(policy, survey["instrument"], survey["locale"])
    reason = _why_not(policy, survey, account, contact, now)
    if reason is None and _asked_recently(tx, policy, survey, now):
        reason = "asked_recently"
    if reason or account is None or wording is None or account.channel_id is None:
        surveys.change(tx, survey["survey_id"], {"state": "suppressed", "reason": reason or "no_wording"})
        return None
    surveys.change(tx, survey["survey_id"], _as_asked(survey, account, wording))
    asked = Question(survey["token"], Instrument(survey["instrument"]), wording, survey["locale"], contact)
    return Message(
        "survey",
        "client",
        account.channel_id,
        phrasing.question(asked),
        f"survey:{survey['survey_id']}",
        thread_ts=_thread(survey, account),
        survey_id=survey["survey_id"],
        responsible=account.owner.slack_user_id if account.owner else None,
    )


def wanted(tx: Tx, policy: Policy, delivery: Delivery, now: datetime) -> bool:
    """A survey's message should go while the survey is scheduled and not long overdue; on a human's word also then,
    and after it had failed."""
    survey = surveys.get(tx, delivery["survey_id"], lock=True)
    if survey is None:
        return False
    if delivery["resend_of"] is not None:
        return survey["state"] in ("scheduled", "failed")
    if survey["state"] == "scheduled" and _too_late(policy, survey, now):
        surveys.change(tx, survey["survey_id"], {"state": "suppressed", "reason": "too_long_ago"})
        return False
    return bool(survey["state"] == "scheduled")


def settle(tx: Tx, policy: Policy, delivery: Delivery) -> None:
    """The message arrived: the survey is posted. It never will: failed. Nobody can say: the survey waits.

    A refused resend says nothing about the message it was to repeat, which may have arrived.
    """
    survey = surveys.get(tx, delivery["survey_id"], lock=True)
    if survey is None:
        return
    if delivery["state"] == "sent" and survey["state"] in ("scheduled", "failed"):
        surveys.change(tx, survey["survey_id"], _posted(policy, delivery))
    if delivery["state"] == "dead" and survey["state"] == "scheduled" and delivery["resend_of"] is None:
        fate = {"state": "failed", "reason": delivery["error"] or "refused", "closed_at": delivery["finished_at"]}
        surveys.change(tx, survey["survey_id"], fate)


def expire(tx: Tx, policy: Policy, now: datetime) -> int:
    """Close the surveys whose time is over; how many there were."""
    return surveys.expire(tx, now) + surveys.fail_unknown(tx, now - policy.surveys.expiry, _LOST, now)


def _why_not(
    policy: Policy, survey: Record, account: Account | None, contact: Contact | None, now: datetime
) -> str | None:
    holds = {
        "no_channel": account is None or not account.channel_id,
        "opted_out": contact is not None and contact.opted_out,
        "too_long_ago": _too_late(policy, survey, now),
    }
    return next((reason for reason, applies in holds.items() if applies), None)


def _asked_recently(tx: Tx, policy: Policy, survey: Record, now: datetime) -> bool:
    """Due times are apart already; this is for questions that pile up while nothing runs."""
    return surveys.asked_since(tx, survey, now - policy.surveys.floor)


def _too_late(policy: Policy, survey: Record, now: datetime) -> bool:
    return bool(survey["due_at"] + policy.surveys.expiry < now)


def _as_asked(survey: Record, account: Account, wording: Wording) -> dict[str, Any]:
    return {
        "channel_id": account.channel_id,
        "thread_ts": _thread(survey, account),
        "owner_at_send": account.owner and account.owner.id,
        "wording_version": wording.version,
    }


def _thread(survey: Record, account: Account) -> str | None:
    return survey["thread_ts"] if survey["channel_id"] == account.channel_id else None


def _posted(policy: Policy, delivery: Delivery) -> dict[str, Any]:
    return {
        "state": "posted",
        "reason": None,
        "closed_at": None,
        "posted_at": delivery["finished_at"],
        "expires_at": delivery["finished_at"] + policy.surveys.expiry,
        "place": "thread",
        "message_ts": delivery["message_ts"],
    }
