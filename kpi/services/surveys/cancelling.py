"""Taking back a question before it is asked: only with a reason, and counted."""

from datetime import datetime

from kpi.errors import KpiError, Misfilled
from kpi.model import Actor, Contact
from kpi.policy import Policy
from kpi.services.surveys import posting
from kpi.services.surveys.words import REASON_CHARS
from kpi.store import audit, deliveries, surveys
from kpi.store.store import Record, Tx

_ON_ITS_WAY = ("sending", "unknown", "sent")


def cancel(tx: Tx, survey_id: int, by: Actor, reason: str, now: datetime) -> None:
    """Cancel a survey that is scheduled and not on its way; raises with the state it is in otherwise."""
    why = _checked(reason)
    sent = [deliveries.get(tx, found["delivery_id"], lock=True) for found in deliveries.of_survey(tx, survey_id)]
    survey = surveys.get(tx, survey_id, lock=True)
    if survey is None:
        raise KpiError("That survey does not exist any more.")
    if survey["state"] != "scheduled":
        raise KpiError(f"The survey is already {survey['state']}; only one that is still scheduled can be cancelled.")
    if any(delivery and delivery["state"] in _ON_ITS_WAY for delivery in sent):
        raise KpiError("The question is on its way and may have reached the client; it cannot be cancelled any more.")
    after = {"state": "cancelled", "reason": why, "decided_by": by.user_id, "closed_at": now}
    surveys.change(tx, survey_id, after)
    noted = {"before": {"state": "scheduled"}, "after": {"state": "cancelled", "reason": why}}
    audit.add(tx, now, by.user_id, "survey.cancel", f"survey:{survey_id}", **noted)


def withdraw(tx: Tx, interaction_id: int, reason: str, now: datetime) -> None:
    """Cancel what was to be asked about an interaction and is not on its way."""
    survey = surveys.of_interaction(tx, interaction_id)
    if survey is None or survey["state"] != "scheduled":
        return
    sent = [
        deliveries.get(tx, found["delivery_id"], lock=True) for found in deliveries.of_survey(tx, survey["survey_id"])
    ]
    locked = surveys.get(tx, survey["survey_id"], lock=True)
    on_its_way = any(delivery and delivery["state"] in _ON_ITS_WAY for delivery in sent)
    if locked is not None and locked["state"] == "scheduled" and not on_its_way:
        surveys.change(tx, survey["survey_id"], {"state": "cancelled", "reason": reason, "closed_at": now})


def decline(tx: Tx, survey: Record, contact: Contact, now: datetime) -> None:
    """Who wants no more questions does not answer this one: it closes, where it was asked of them and is open."""
    if survey["contact_id"] == contact.id and survey["state"] == "posted":
        ended = {"state": "expired", "declined_at": now, "expires_at": now, "closed_at": now}
        surveys.change(tx, survey["survey_id"], ended)


def undecline(tx: Tx, policy: Policy, survey: Record, contact: Contact, now: datetime) -> None:
    """Whoever takes back that they want no more questions can answer the one they declined, while it would be open."""
    if survey["contact_id"] != contact.id or survey["declined_at"] is None or survey["state"] != "expired":
        return
    closes_at = survey["posted_at"] + posting.expiry_of(policy, survey)
    if now < closes_at:
        opened = {"state": "posted", "declined_at": None, "expires_at": closes_at, "closed_at": None}
        surveys.change(tx, survey["survey_id"], opened)


def _checked(reason: str) -> str:
    why = reason.replace("\0", "").strip()
    if not why:
        raise Misfilled("reason", "Please say why, so that skipped questions can be judged later.")
    if len(why) > REASON_CHARS:
        raise Misfilled("reason", f"Please say it in at most {REASON_CHARS} characters.")
    return why
