"""What follows an unanswered question: one quiet reminder in the same place, later a link; still one answer."""

from collections.abc import Iterable
from datetime import datetime

from kpi.model import Message
from kpi.policy.surveys import DIRECT, LINK, Programme
from kpi.services.surveys.posting import Poster, Who, thread_below, who_is_asked
from kpi.store import surveys
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
    if survey is None or survey["state"] != "posted" or survey["expires_at"] <= now:
        return None
    programme = poster.asking.policy.surveys.programme(survey["programme"])
    who, wording = who_is_asked(tx, survey), poster.wording(survey)
    if programme is None or who is None or wording is None or (who[1] is not None and who[1].opted_out):
        return None
    if survey["reminders"] == 0 and programme.reminder and survey["place"] != LINK:
        if not _is_quiet(tx, poster, (programme, who), survey, now):
            return None
        surveys.change(tx, survey_id, {"reminders": 1, "reminded_at": now})
        return poster.reminder(survey, who, wording)
    if survey["invited_at"] is not None:
        return None
    surveys.change(tx, survey_id, {"invited_at": now})
    return poster.invitation(survey, who, wording)


def _is_quiet(tx: Tx, poster: Poster, asked: tuple[Programme, Who], survey: Record, now: datetime) -> bool:
    """Whether it is the client's working time and nobody is talking around the question."""
    programme, who = asked
    place = (None, None) if survey["place"] == DIRECT else (survey["channel_id"], thread_below(survey))
    return poster.moment(tx, (programme, poster.case(tx, survey, who)), place, now) <= now
