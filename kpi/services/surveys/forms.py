"""What the forms of the survey programme offer."""

from datetime import datetime

from kpi.errors import KpiError
from kpi.model import Actor
from kpi.policy import Policy
from kpi.services.surveys import answering, asking, wordings
from kpi.services.surveys.words import Closed, CommentForm, LogForm
from kpi.store import accounts
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


def comment_form(tx: Tx, policy: Policy, token: str, actor: Actor) -> CommentForm:
    """The form for a comment, with what this person wrote before."""
    survey, reply = answering.own_reply(tx, token, actor)
    wording = wordings.of_survey(policy, survey["instrument"], survey["locale"])
    if wording is None:
        raise Closed("This survey is over; no comment can be added any more.")
    return CommentForm(token, wording, survey["locale"], reply["comment"] or "")
