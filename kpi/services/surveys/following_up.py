"""What follows an unanswered question: one quiet reminder in the same place, later a link; still one answer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from kpi.model import Message
from kpi.policy.surveys import DIRECT, LINK, Programme
from kpi.services.surveys import cases, posting, wordings
from kpi.services.surveys.cases import About
from kpi.services.surveys.moments import right_moment
from kpi.services.surveys.posting import Poster
from kpi.store import asks, surveys
from kpi.store.store import Record, Tx


def due(tx: Tx, programmes: Iterable[Programme], now: datetime) -> list[int]:
    """The surveys that want a reminder or a link now."""
    found: list[int] = []
    for programme in programmes:
        if programme.reminder is not None:
            found += surveys.unreminded(tx, programme.key, now - programme.reminder, now)
        if programme.link is not None and LINK in programme.places:
            found += surveys.uninvited(tx, (programme.key, programme.reminder is not None), now - programme.link, now)
    return list(dict.fromkeys(found))


def message(tx: Tx, poster: Poster, survey_id: int, now: datetime) -> Message | None:
    """The reminder or the invitation a survey wants, noted on it; None when it wants none, or not now."""
    survey = surveys.get(tx, survey_id, lock=True)
    programme = poster.asking.policy.surveys.programme(survey["programme"]) if survey else None
    who = posting.account_and_contact(tx, survey) if survey else None
    if survey is None or survey["state"] != "posted" or survey["expires_at"] <= now or not (programme and who):
        return None
    contact = who[1]
    if contact is not None and contact.opted_out:
        return None
    if survey["reminders"] == 0 and programme.reminder and survey["place"] != LINK:
        return _reminder(tx, poster, survey, programme, now)
    wording = wordings.of_survey(poster.asking.policy, survey["instrument"], survey["locale"])
    if survey["invited_at"] is not None or wording is None:
        return None
    surveys.change(tx, survey_id, {"invited_at": now})
    return poster.invitation(survey, who, wording)


def _reminder(tx: Tx, poster: Poster, survey: Record, programme: Programme, now: datetime) -> Message | None:
    who = posting.account_and_contact(tx, survey)
    wording = wordings.of_survey(poster.asking.policy, survey["instrument"], survey["locale"])
    if who is None or wording is None or not _is_quiet(tx, poster, survey, programme, now):
        return None
    account, contact = who
    surveys.change(tx, survey["survey_id"], {"reminders": 1, "reminded_at": now})
    payload = poster.phrasing.reminder(posting.question(survey, wording, contact))
    where = contact.slack_user_id if contact and survey["place"] == DIRECT else survey["channel_id"]
    thread_ts = None if survey["place"] == DIRECT else survey["thread_ts"] or survey["message_ts"]
    asked = Message("reminder", "client", where or "", payload, f"reminder:{survey['survey_id']}")
    told = account.owner.slack_user_id if account.owner else None
    return replace(asked, thread_ts=thread_ts, survey_id=survey["survey_id"], responsible=told) if where else None


def _is_quiet(tx: Tx, poster: Poster, survey: Record, programme: Programme, now: datetime) -> bool:
    """Whether it is the client's working time and nobody is talking there."""
    policy, who = poster.asking.policy, posting.account_and_contact(tx, survey)
    if who is None:
        return False
    case = cases.case_of(tx, policy, who, About(cases.day_of(policy, now)), poster.asking.ways)
    if right_moment(programme, case.calendar, now) > now:
        return False
    if survey["place"] == DIRECT or survey["channel_id"] is None:
        return True
    last = asks.last_said(tx, survey["channel_id"], survey["thread_ts"] or survey["message_ts"])
    return last is None or last + policy.surveys.budget.quiet <= now
