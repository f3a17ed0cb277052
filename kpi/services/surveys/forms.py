"""What the forms of the survey programme offer."""

from datetime import datetime

from kpi.errors import KpiError
from kpi.model import Actor, Instrument
from kpi.policy import Policy
from kpi.services.surveys import answering, asking, wordings
from kpi.services.surveys.asking import Asking
from kpi.services.surveys.words import Closed, CommentForm, LogForm
from kpi.store import accounts, held, surveys
from kpi.store.store import Tx

MENU_OPTIONS = 100


def log_form(tx: Tx, policy: Policy, place: tuple[str | None, str | None], now: datetime) -> LogForm:
    """The form for logging; `place` is (channel, thread), and the channel's account is already chosen in it."""
    channel_id, thread_ts = place
    account = accounts.by_channel(tx, channel_id) if channel_id else None
    everyone = accounts.listing(tx, limit=MENU_OPTIONS + 1)
    if not everyone:
        raise KpiError("There are no accounts yet, so there is nobody to talk of; `/kpi account` makes one.")
    contacts = accounts.contacts(tx, account.id, limit=MENU_OPTIONS + 1) if account else None
    return LogForm(
        account,
        everyone if len(everyone) <= MENU_OPTIONS else None,
        contacts if contacts is not None and len(contacts) <= MENU_OPTIONS else None,
        asking.kinds(policy),
        now,
        channel_id,
        thread_ts,
    )


def comment_form(tx: Tx, asked: Asking, token: str, who: tuple[Actor, str]) -> CommentForm:
    """The form for a comment, with what this person (and the organisation that vouches for them) said before."""
    actor, organisation = who
    survey = surveys.by_token(tx, token)
    if survey is None:
        raise KpiError(answering.NOT_OURS)
    whose = answering.respondent_of(tx, survey, actor, organisation, asked.ways.secrets)
    reply = answering.answer_of(tx, survey, whose) if whose else held.of_user(tx, survey["survey_id"], actor.user_id)
    reply = answering.require_score(reply)
    wording = wordings.of_survey(asked.policy, survey["instrument"], survey["locale"])
    if wording is None:
        raise Closed("This survey is over; no comment can be added any more.")
    tags = answering.tags_of(asked.policy, survey)
    prompt = wording.reason_for(Instrument(survey["instrument"]), reply["score"])
    ticked = tuple(tag for tag in tags if tag in reply["tags"])
    return CommentForm(token, prompt, survey["locale"], reply["comment"] or "", tags, ticked)
