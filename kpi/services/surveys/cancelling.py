"""Taking back a question before it is asked: only with a reason, and counted."""

from datetime import datetime

from kpi.errors import KpiError, Misfilled
from kpi.model import Actor, Contact
from kpi.policy import Policy
from kpi.services.surveys import fates
from kpi.services.surveys.holding import hold_account
from kpi.services.surveys.words import REASON_CHARS
from kpi.store import audit, deliveries, surveys
from kpi.store.store import Record, Tx

_ON_ITS_WAY = ("sending", "unknown", "sent")


def cancel(tx: Tx, survey_id: int, by: Actor, reason: str, now: datetime) -> None:
    """Cancel a survey that is scheduled and not on its way; raises with the state it is in otherwise."""
    why = _checked(reason)
    survey, on_its_way = _locked(tx, survey_id)
    if survey is None:
        raise KpiError("That survey does not exist any more.")
    if survey["state"] != "scheduled":
        raise KpiError(f"The survey is already {survey['state']}; only one that is still scheduled can be cancelled.")
    if on_its_way:
        raise KpiError("The question is on its way and may have reached the client; it cannot be cancelled any more.")
    after = {"state": "cancelled", "reason": why, "decided_by": by.user_id, "closed_at": now}
    surveys.change(tx, survey_id, after)
    noted = {"before": {"state": "scheduled"}, "after": {"state": "cancelled", "reason": why}}
    audit.add(tx, now, by.user_id, "survey.cancel", f"survey:{survey_id}", **noted)


def withdraw(tx: Tx, interaction_id: int, reason: str, now: datetime) -> None:
    """Cancel what was to be asked about an interaction and is not on its way."""
    about = surveys.of_interaction(tx, interaction_id)
    survey, on_its_way = _locked(tx, about["survey_id"]) if about else (None, False)
    if survey is not None and survey["state"] == "scheduled" and not on_its_way:
        surveys.change(tx, survey["survey_id"], {"state": "cancelled", "reason": reason, "closed_at": now})


def _locked(tx: Tx, survey_id: int) -> tuple[Record | None, bool]:
    """A survey, and whether a message of it is on its way; nobody queues or sends one until the transaction ends."""
    hold_account(tx, survey_id)
    found = deliveries.of_survey(tx, survey_id, "survey", "invitation")
    sent = [deliveries.get(tx, each["delivery_id"], lock=True) for each in found]
    return surveys.get(tx, survey_id, lock=True), any(each and each["state"] in _ON_ITS_WAY for each in sent)


def decline(tx: Tx, survey: Record, contact: Contact, now: datetime) -> None:
    """Who wants no more questions does not answer this one: it closes, where it was asked of them and is open."""
    if survey["contact_id"] == contact.id and survey["state"] == "posted":
        ended = {"state": "expired", "declined_at": now, "expires_at": now, "closed_at": now}
        surveys.change(tx, survey["survey_id"], ended)


def undecline(tx: Tx, policy: Policy, survey: Record, contact: Contact, now: datetime) -> None:
    """Whoever takes back that they want no more questions can answer the one they declined, while it would be open."""
    if survey["contact_id"] != contact.id or survey["declined_at"] is None or survey["state"] != "expired":
        return
    closes_at = survey["posted_at"] + fates.expiry_of(policy, survey)
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
