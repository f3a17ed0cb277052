"""From a client's click to a stored reply."""

from datetime import datetime
from typing import Any

from kpi.errors import KpiError, Misfilled, Refused
from kpi.model import Actor, Contact, Instrument, Message, Person
from kpi.periods import local_day
from kpi.policy import Policy
from kpi.services.people import NobodyCanSay, Role
from kpi.services.surveys import posting, wordings
from kpi.services.surveys.words import COMMENT_CHARS, Click, Closed, Phrasing
from kpi.store import accounts, deliveries, interactions, replies, surveys
from kpi.store.store import Record, Tx

_NOT_OURS = "That button does not belong to a survey of ours any more; nothing was stored."
_CLOSED = {
    "suppressed": "This question was withdrawn; your answer was not stored.",
    "cancelled": "This question was withdrawn; your answer was not stored.",
    "failed": "This question was withdrawn; your answer was not stored.",
    "scheduled": "This question has not been asked yet; your answer was not stored.",
}


def client_only(role: Role) -> bool:
    """Whether to listen: True for a client, False for a bot; our own people are told, and the unknown asked back."""
    if role is Role.MEMBER:
        raise Refused("This question is for the client, so your click was not counted.")
    if role is Role.UNKNOWN:
        raise NobodyCanSay
    return role is Role.CLIENT


def open_survey(tx: Tx, policy: Policy, click: Click, now: datetime) -> Record:
    """The locked survey a click belongs to; raises where it does not take this score now."""
    seen = surveys.by_token(tx, click.token)
    if seen is not None:
        accounts.lock(tx, seen["account_id"])  # before the survey: whoever counts the account's days again comes first
    if seen is not None and seen["state"] == "scheduled":
        _arrived(tx, policy, seen["survey_id"], click, now)
    survey = surveys.get(tx, seen["survey_id"], lock=True) if seen else None
    if survey is None or click.score not in Instrument(survey["instrument"]).scale:
        raise KpiError(_NOT_OURS)
    if survey["state"] in _CLOSED:
        raise Closed(_CLOSED[survey["state"]])
    if survey["expires_at"] is not None and survey["expires_at"] <= now:
        day = local_day(survey["expires_at"], policy.workspace.timezone)
        raise Closed(f"This survey closed on {day:%-d %B %Y}; your answer was not stored.")
    return survey


def store(tx: Tx, policy: Policy, survey: Record, actor: Actor, said: tuple[int, datetime]) -> replies.Stored:
    """Store a score, counted once per person however often they change it."""
    score, now = said
    contact = _contact(tx, survey, actor)
    stored = replies.put_score(tx, _reply(survey, contact) | {"score": score}, now)
    if stored.is_new:
        day = local_day(now, policy.workspace.timezone)
        interactions.count(tx, survey["account_id"], day, survey_answers=1)
    if survey["state"] == "posted":
        surveys.change(tx, survey["survey_id"], {"state": "answered"})
    return stored


def thanks(policy: Policy, phrasing: Phrasing, survey: Record, click: Click, stored: replies.Stored) -> Message | None:
    """The thanks for what was newly said, for this person's eyes; None when nothing was."""
    wording = wordings.of_survey(policy, survey["instrument"], survey["locale"])
    channel_id = click.channel_id or survey["channel_id"]
    if stored.revision is None or wording is None or channel_id is None:
        return None
    return Message(
        "thanks",
        "person",
        channel_id,
        phrasing.thanks(click.token, wording, survey["locale"]),
        f"thanks:{stored.row['reply_id']}:{stored.revision}",
        method="chat.postEphemeral",
        thread_ts=survey["thread_ts"],
        user_id=click.actor.user_id,
        survey_id=survey["survey_id"],
    )


def own_reply(tx: Tx, token: str, actor: Actor, *, lock: bool = False) -> tuple[Record, Record]:
    """A person's survey and their reply to it; raises when they gave none."""
    seen = surveys.by_token(tx, token)
    if seen is None:
        raise KpiError(_NOT_OURS)
    survey = (surveys.get(tx, seen["survey_id"], lock=True) if lock else seen) or seen
    contact = _known(tx, survey, actor)
    reply = replies.get(tx, survey["survey_id"], _respondent(contact)) if contact else None
    if reply is None:
        raise KpiError("Please choose a score first; then you can add a comment.")
    return survey, reply


def checked_comment(text: str) -> str:
    """A comment as it can be stored, whole; raises when it is empty or too long."""
    comment = text.replace("\0", "").strip()
    if not comment:
        raise Misfilled("comment", "Please write something, or close this window to leave it.")
    if len(comment) > COMMENT_CHARS:
        raise Misfilled(
            "comment",
            f"That is {len(comment):,} characters and at most {COMMENT_CHARS:,} can be stored; please shorten it.",
        )
    return comment


def _arrived(tx: Tx, policy: Policy, survey_id: int, click: Click, now: datetime) -> None:
    """Whoever clicks sees the message: a delivery in doubt did arrive."""
    for found in deliveries.of_survey(tx, survey_id):
        delivery = deliveries.get(tx, found["delivery_id"], lock=True)
        if delivery is not None and delivery["state"] in ("sending", "unknown"):
            fate = {"state": "sent", "message_ts": click.message_ts, "finished_at": now, "error": None}
            deliveries.change(tx, delivery["delivery_id"], fate)
            posting.settle(tx, policy, {**delivery, **fate})


def _known(tx: Tx, survey: Record, actor: Actor) -> Contact | None:
    """As whom they answered it, also when they belong to another account by now; else the account's contact."""
    answered = accounts.contact_who_answered(tx, survey["survey_id"], actor.user_id)
    return answered or accounts.contact_of_user(tx, survey["account_id"], actor.user_id)


def _contact(tx: Tx, survey: Record, actor: Actor) -> Contact:
    found = _known(tx, survey, actor)
    if found is None:
        return accounts.add_contact(tx, survey["account_id"], Person(actor.user_id, actor.team_id, actor.name))
    if found.slack_team_id is None:
        accounts.set_team(tx, found.id, actor.team_id)
    return found


def _reply(survey: Record, contact: Contact) -> dict[str, Any]:
    copied = ("survey_id", "account_id", "interaction_id", "instrument")
    whose = {"contact_id": contact.id, "owner_id": survey["owner_at_send"], "respondent": _respondent(contact)}
    return {name: survey[name] for name in copied} | whose


def _respondent(contact: Contact) -> str:
    return f"contact:{contact.id}"
