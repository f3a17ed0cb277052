"""What becomes of a survey's messages, and what that means for the survey."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kpi.policy import Policy
from kpi.policy.surveys import DIRECT, LINK, THREAD
from kpi.store import accounts, deliveries, interactions, surveys
from kpi.store.store import Record, Tx

Delivery = Mapping[str, Any]

_LOST = "nobody could say whether the question arrived, and nobody asked for it to be sent again"
_MAY_ARRIVE = ("queued", "sending", "unknown", "sent")
_USUAL_EXPIRY = timedelta(days=7)


def wanted(tx: Tx, policy: Policy, delivery: Delivery, now: datetime) -> bool:
    """A survey's message should go while the survey is scheduled and not long overdue; on a human's word also then,
    and after it had failed, unless another message of it may arrive. Never to who wants no more questions."""
    survey = surveys.get(tx, delivery["survey_id"], lock=True)
    if survey is None:
        return False
    if delivery["resend_of"] is not None:
        may_go = survey["state"] in ("scheduled", "failed") and not _is_under_way(tx, survey, delivery)
        return may_go and not _wants_none(tx, survey)
    reason = _withdrawn(tx, policy, survey, now)
    if reason is not None and survey["state"] == "scheduled":
        surveys.change(tx, survey["survey_id"], {"state": "suppressed", "reason": reason})
    if delivery["kind"] == "survey" or survey["state"] == "scheduled":
        return reason is None and bool(survey["state"] == "scheduled")
    return reason != "opted_out" and bool(survey["state"] == "posted")


def settle(tx: Tx, policy: Policy, delivery: Delivery) -> None:
    """The message arrived: the survey is posted. It never will: failed. Nobody can say: the survey waits.

    A refused resend says nothing about the message it was to repeat, which may have arrived; and a reminder nothing
    about the question.
    """
    survey = surveys.get(tx, delivery["survey_id"], lock=True)
    if survey is None or delivery["kind"] == "reminder":
        return
    if delivery["state"] == "sent":
        arrived(tx, policy, survey, delivery)
    if delivery["state"] == "dead" and survey["state"] == "scheduled" and delivery["resend_of"] is None:
        fate = {"state": "failed", "reason": delivery["error"] or "refused", "closed_at": delivery["finished_at"]}
        surveys.change(tx, survey["survey_id"], fate)


def arrived(tx: Tx, policy: Policy, survey: Record, delivery: Delivery) -> None:
    """A survey's message arrived."""
    if survey["state"] in ("scheduled", "failed"):
        surveys.change(tx, survey["survey_id"], _posted(policy, survey, delivery))
    elif delivery["kind"] == "invitation":
        surveys.change(tx, survey["survey_id"], {"invited_at": delivery["finished_at"]})


def expire(tx: Tx, policy: Policy, now: datetime) -> int:
    """Close the surveys whose time is over; how many there were."""
    spans = [programme.expiry for programme in policy.surveys.programmes]
    surveys.forget_salts(tx, now - policy.surveys.edit)
    return surveys.expire(tx, now) + surveys.fail_unknown(tx, now - max(spans, default=_USUAL_EXPIRY), _LOST, now)


def expiry_of(policy: Policy, survey: Record) -> timedelta:
    """How long a survey is open, by its programme; of one that is no more, a week."""
    programme = policy.surveys.programme(survey["programme"])
    return programme.expiry if programme else _USUAL_EXPIRY


def is_reopened(tx: Tx, survey: Record) -> bool:
    """Whether what a survey is about turned out not to be over."""
    row = interactions.get(tx, survey["interaction_id"]) if survey["interaction_id"] else None
    return row is not None and row["reopened_at"] is not None


def _withdrawn(tx: Tx, policy: Policy, survey: Record, now: datetime) -> str | None:
    """Why a question must not go that was to go when it was queued."""
    if _wants_none(tx, survey):
        return "opted_out"
    if survey["due_at"] is not None and survey["due_at"] + expiry_of(policy, survey) < now:
        return "too_long_ago"
    return "reopened" if is_reopened(tx, survey) else None


def _wants_none(tx: Tx, survey: Record) -> bool:
    """Whether the person asked has said meanwhile that they want no more questions."""
    contact = accounts.find_contact(tx, survey["contact_id"]) if survey["contact_id"] else None
    return contact is not None and contact.opted_out


def _is_under_way(tx: Tx, survey: Record, repeated: Delivery) -> bool:
    """Whether another message of the survey than the one to repeat may reach somebody."""
    same = {repeated["resend_of"], repeated.get("delivery_id")}
    others = deliveries.of_survey(tx, survey["survey_id"], "survey", "invitation")
    return any(each["delivery_id"] not in same and each["state"] in _MAY_ARRIVE for each in others)


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
