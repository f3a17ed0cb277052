"""From what a client says to a stored reply: by a button, in a form, or on the page behind a link."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kpi.errors import KpiError, Misfilled, Refused
from kpi.model import Actor, Contact, Instrument, Message, Person
from kpi.periods import local_day
from kpi.policy import Policy
from kpi.services.people import NobodyCanSay, Role
from kpi.services.surveys import anonymous, fates, wordings
from kpi.services.surveys.holding import hold, hold_account
from kpi.services.surveys.words import COMMENT_CHARS, Click, Closed, Phrasing, Said, Scoreless
from kpi.store import accounts, contacts, deliveries, interactions, replies, surveys
from kpi.store.store import Record, Tx

NOT_OURS = "That button does not belong to a survey of ours any more; nothing was stored."
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


def locked(tx: Tx, policy: Policy, click: Click, now: datetime) -> Record:
    """The locked survey a click belongs to; KpiError where there is none, or where it has no such score."""
    seen = surveys.by_token(tx, click.token)
    if seen is not None and seen["state"] in ("scheduled", "failed"):
        hold_account(tx, seen["survey_id"])
        _arrived(tx, policy, seen["survey_id"], click, now)
    survey = hold(tx, seen["survey_id"]) if seen else None
    if survey is None or click.score not in Instrument(survey["instrument"]).scale:
        raise KpiError(NOT_OURS)
    return survey


def spoken_of(tx: Tx, token: str) -> Record:
    """The locked survey somebody says more about; KpiError where there is none."""
    seen = surveys.by_token(tx, token)
    survey = hold(tx, seen["survey_id"]) if seen else None
    if survey is None:
        raise KpiError(NOT_OURS)
    return survey


def tags_of(policy: Policy, survey: Record) -> tuple[str, ...]:
    """What may be ticked beside a survey's score."""
    programme = policy.surveys.programme(survey["programme"])
    return programme.tags if programme else ()


def require_tags(policy: Policy, survey: Record, said: Said) -> None:
    """Raise Misfilled for a tag the survey does not have."""
    if set(said.tags or ()) - set(tags_of(policy, survey)):
        raise Misfilled("tags", "One of these cannot be chosen any more; please choose again.")


def require_words(row: Record, said: Said) -> None:
    """Raise Misfilled where somebody sent a form with nothing in it; to take words back is something."""
    if not said.comment and not said.tags and row["edited_at"] == row["answered_at"]:
        raise Misfilled("comment", "Please write something, or close this window to leave it.")


def require_open(policy: Policy, survey: Record, reply: Record | None, now: datetime) -> None:
    """Raise Closed unless the survey takes an answer now; who gave one (`reply`) may change it for some days."""
    if survey["state"] in _CLOSED:
        raise Closed(_CLOSED[survey["state"]])
    if closes_at(policy, survey, reply) <= now:
        day = local_day(survey["expires_at"], policy.workspace.timezone)
        raise Closed(f"This survey closed on {day:%-d %B %Y}; your answer was not stored.")


def require_score(before: Record | None) -> Record:
    """What somebody answered `before`; Scoreless where they want to say more before there is a score."""
    if before is None:
        raise Scoreless("Please choose a score first; then you can add a comment.")
    return before


def require_taken(policy: Policy, survey: Record, said: tuple[Record | None, Said], now: datetime) -> None:
    """Raise where something cannot be said any more, or not yet: Scoreless, or Closed for an answer and the change of
    anything said before. A first comment is never too late: whoever began it in time may have needed long."""
    before, what = said
    if what.score is None:
        require_score(before)
    if what.score is not None or before is None or before["comment"] or before["tags"]:
        require_open(policy, survey, before, now)


def closes_at(policy: Policy, survey: Record, reply: Record | None) -> datetime:
    """Until when an answer, or a change of this one, is taken."""
    ends: datetime = survey["expires_at"] or datetime.max.replace(tzinfo=survey["recorded_at"].tzinfo)
    return ends if reply is None else max(ends, reply["answered_at"] + policy.surveys.edit)


def put(tx: Tx, policy: Policy, survey: Record, whose: Contact | str, said: tuple[Said, datetime]) -> replies.Stored:
    """Store what a contact, or a nameless respondent, says to a locked survey; counted once however often it changes.

    Closed where it is too late; KpiError for a comment before there is a score.
    """
    what, now = said
    contact, respondent = (whose, respondent_name(whose)) if isinstance(whose, Contact) else (None, whose)
    found = replies.get(tx, survey["survey_id"], respondent)
    require_taken(policy, survey, (found, what), now)
    if found is not None:
        return replies.edit(tx, found, what.given, now)
    return first(tx, policy, survey, (contact, respondent, what.given), (now, now))


def first(
    tx: Tx,
    policy: Policy,
    survey: Record,
    said: tuple[Contact | None, str, Mapping[str, Any]],
    when: tuple[datetime, datetime],
) -> replies.Stored:
    """Store the first answer of a contact or a nameless respondent (`said`: contact, respondent, columns) to a locked
    survey, given and recorded `when`; it counts on the day it was given."""
    (contact, respondent, given), (answered_at, recorded_at) = said, when
    stored = replies.add(tx, {**_reply(survey, contact, respondent), **given}, answered_at, recorded_at)
    day = local_day(answered_at, policy.workspace.timezone)
    interactions.count(tx, survey["account_id"], day, survey_answers=1)
    if survey["state"] in ("posted", "expired"):
        surveys.change(tx, survey["survey_id"], {"state": "answered", "closed_at": None})
    return stored


def respondent_of(
    tx: Tx, survey: Record, actor: Actor, organisation: str, secrets: Sequence[bytes]
) -> Contact | str | None:
    """Who an actor is to this survey: a contact, a nameless respondent of an anonymous one; None: nobody knows yet.

    Known are contacts, and everybody of an organisation that one of the account's known contacts belongs to; one of
    "" vouches for nobody.
    """
    if survey["is_anonymous"]:
        return nameless(tx, survey, actor.user_id, secrets)
    answered = accounts.contact_who_answered(tx, survey["survey_id"], actor.user_id)
    if answered is not None:
        return answered
    if not contacts.is_known(tx, survey["account_id"], actor.user_id, organisation):
        return None
    found = accounts.contact_of_user(tx, survey["account_id"], actor.user_id)
    found = found or accounts.add_contact(tx, survey["account_id"], Person(actor.user_id, actor.team_id, actor.name))
    if found.slack_team_id is None and actor.team_id:
        accounts.set_team(tx, found.id, actor.team_id)
    return found


def nameless(tx: Tx, survey: Record, user_id: str, secrets: Sequence[bytes]) -> str:
    """The respondent of an anonymous survey somebody is: by the newest secret, unless they answered by an older one."""
    names = [anonymous.respondent(survey, user_id, secret) for secret in secrets or (b"",)]
    return next((name for name in names if replies.get(tx, survey["survey_id"], name)), names[0])


def made_contact(tx: Tx, survey: Record, actor: Actor) -> Contact:
    """The contact somebody is at a survey's account, a new one where they are none; what they wish is kept there."""
    someone = Person(actor.user_id, actor.team_id, actor.name)
    found = accounts.contact_of_user(tx, survey["account_id"], actor.user_id)
    return found or accounts.add_contact(tx, survey["account_id"], someone)


def answer_of(tx: Tx, survey: Record, whose: Contact | str) -> Record | None:
    """What somebody answered."""
    respondent = respondent_name(whose) if isinstance(whose, Contact) else whose
    return replies.get(tx, survey["survey_id"], respondent)


def respondent_name(contact: Contact) -> str:
    """What a contact is called among a survey's respondents."""
    return f"contact:{contact.id}"


def thanks(policy: Policy, phrasing: Phrasing, survey: Record, click: Click, occasion: str) -> Message | None:
    """The thanks for what was newly said, for this person's eyes; `occasion` tells it from any other."""
    wording = wordings.of_survey(policy, survey["instrument"], survey["locale"])
    channel_id = click.channel_id or survey["channel_id"]
    if wording is None or channel_id is None:
        return None
    payload = phrasing.thanks(click.token, wording, survey["locale"])
    if channel_id.startswith("D"):  # nobody else is there, and Slack whispers in channels only
        return Message("thanks", "person", channel_id, payload, f"thanks:{occasion}", survey_id=survey["survey_id"])
    return Message(
        "thanks",
        "person",
        channel_id,
        payload,
        f"thanks:{occasion}",
        method="chat.postEphemeral",
        thread_ts=survey["thread_ts"],
        user_id=click.actor.user_id,
        survey_id=survey["survey_id"],
    )


def checked_comment(text: str) -> str | None:
    """A comment as it can be stored, whole, None for an empty one; raises when it is too long."""
    comment = text.replace("\0", "").strip()
    if len(comment) > COMMENT_CHARS:
        raise Misfilled(
            "comment",
            f"That is {len(comment):,} characters and at most {COMMENT_CHARS:,} can be stored; please shorten it.",
        )
    return comment or None


def _arrived(tx: Tx, policy: Policy, survey_id: int, click: Click, now: datetime) -> None:
    """Whoever clicks sees the message: a delivery in doubt did arrive."""
    for found in deliveries.of_survey(tx, survey_id):
        delivery = deliveries.get(tx, found["delivery_id"], lock=True)
        if delivery is not None and delivery["state"] in ("sending", "unknown"):
            fate = {"state": "sent", "message_ts": click.message_ts, "finished_at": now, "error": None}
            deliveries.change(tx, delivery["delivery_id"], fate)
            fates.settle(tx, policy, {**delivery, **fate})


def arrived_by_link(tx: Tx, policy: Policy, survey_id: int, now: datetime) -> None:
    """Whoever answers behind a link has it: an invitation that is being sent, or that nobody can say of, did arrive."""
    for found in deliveries.of_survey(tx, survey_id, "invitation"):
        survey = surveys.get(tx, survey_id, lock=True)
        if survey is not None and found["state"] in ("sending", "unknown", "sent"):
            fates.arrived(tx, policy, survey, {**found, "finished_at": found["finished_at"] or now})


def _reply(survey: Record, contact: Contact | None, respondent: str) -> dict[str, Any]:
    copied = ("survey_id", "account_id", "interaction_id", "instrument")
    whose = {"contact_id": contact and contact.id, "owner_id": survey["owner_at_send"], "respondent": respondent}
    return {name: survey[name] for name in copied} | whose
