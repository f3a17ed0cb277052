"""What clients were asked and what they answered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from kpi.model import Scope
from kpi.periods import midnight
from kpi.store.facts.wanted import ACCOUNTS_OF, Condition, Wanted, same_account
from kpi.store.store import Tx
from kpi.store.tables import account, interaction, reply, reply_edit, survey


def _owner_asked(scope: Scope) -> ColumnElement[bool]:
    return func.coalesce(reply.c.owner_id, account.c.owner_id) == scope.id


def _owner_sent(scope: Scope) -> ColumnElement[bool]:
    return _sender() == scope.id


def _sender() -> ColumnElement[Any]:
    return func.coalesce(survey.c.owner_at_send, interaction.c.owner_id, account.c.owner_id)


ANSWERS_OF: Mapping[str, Condition] = {**ACCOUNTS_OF, "owner": _owner_asked}
SURVEYS_OF: Mapping[str, Condition] = {**ACCOUNTS_OF, "owner": _owner_sent}
"""An answer, and a question, belong to the owner of its day."""

FIRST_SERIES = 1
"""That of answers that came in without a question of ours."""


def answers(tx: Tx, wanted: Wanted) -> Select[Any]:
    """Answers of the window, each at its first instant with its last score, as far as known at as_of.

    The series of an answer is that of the question it was given to, whatever the words are today.
    """
    given, first = reply.c, _first_known(wanted)
    owner_id = func.coalesce(given.owner_id, account.c.owner_id)
    series = func.coalesce(survey.c.series, FIRST_SERIES)
    columns = (_respondent(), given.survey_id, given.instrument, _score(wanted), first, series)
    bounds = (midnight(wanted.first, wanted.zone), midnight(wanted.end, wanted.zone))
    return (
        select(given.account_id, owner_id, *columns)
        .join(account, same_account(reply))
        .outerjoin(survey, and_(survey.c.workspace_id == given.workspace_id, survey.c.survey_id == given.survey_id))
        .where(tx.mine(reply), given.instrument.in_([str(instrument) for instrument in wanted.instruments]))
        .where(given.answered_at < bounds[1], given.answered_at <= wanted.as_of, given.edited_at >= bounds[0])
        .where(wanted.happened(first), ANSWERS_OF[wanted.of.kind](wanted.of))
        .order_by(first, given.reply_id)
    )


def posted(tx: Tx, wanted: Wanted) -> Select[Any]:
    """Surveys posted in the window and what had become of each: answered, expired or open at as_of."""
    asked = survey.c
    about = and_(interaction.c.workspace_id == asked.workspace_id, interaction.c.interaction_id == asked.interaction_id)
    return (
        select(asked.account_id, _sender(), asked.posted_at, _outcome(wanted))
        .select_from(survey.join(account, same_account(survey)).outerjoin(interaction, about))
        .where(tx.mine(survey), asked.state.in_(("posted", "answered", "expired")))
        .where(wanted.happened(asked.posted_at), asked.recorded_at <= wanted.as_of)
        .where(SURVEYS_OF[wanted.of.kind](wanted.of))
        .order_by(asked.posted_at, asked.survey_id)
    )


def _outcome(wanted: Wanted) -> ColumnElement[str]:
    """Answered from the reply on, or as it says itself where there is none; expired from its end on; open before."""
    replied = select(literal(1)).where(
        reply.c.workspace_id == survey.c.workspace_id, reply.c.survey_id == survey.c.survey_id
    )
    ended = func.coalesce(survey.c.expires_at, case((survey.c.state == "expired", survey.c.posted_at)))
    return case(
        (replied.where(_first_known(wanted).is_not(None)).exists(), "answered"),
        (and_(survey.c.state == "answered", ~replied.exists()), "answered"),
        (ended <= wanted.as_of, "expired"),
        else_="open",
    )


def _first_known(wanted: Wanted) -> ColumnElement[Any]:
    """The instant of the earliest version known at as_of, null of none."""
    first = select(func.min(reply_edit.c.answered_at)).where(_version_known(wanted)).scalar_subquery()
    unversioned = ~select(literal(1)).where(_version()).exists()
    alone = case((and_(unversioned, reply.c.recorded_at <= wanted.as_of), reply.c.answered_at))
    return case((_all_known(wanted), reply.c.answered_at), else_=func.coalesce(first, alone))


def _score(wanted: Wanted) -> ColumnElement[int]:
    """The stored score is the last; where not all versions were known at as_of, that of the last one known."""
    latest = (reply_edit.c.answered_at.desc(), reply_edit.c.revision.desc())
    known = select(reply_edit.c.score).where(_version_known(wanted)).order_by(*latest).limit(1).scalar_subquery()
    return case((_all_known(wanted), reply.c.score), else_=func.coalesce(known, reply.c.score))


def _all_known(wanted: Wanted) -> ColumnElement[bool]:
    return and_(reply.c.edited_at <= wanted.as_of, reply.c.recorded_at <= wanted.as_of)


def _version_known(wanted: Wanted) -> ColumnElement[bool]:
    return and_(_version(), reply_edit.c.answered_at <= wanted.as_of, reply_edit.c.recorded_at <= wanted.as_of)


def _version() -> ColumnElement[bool]:
    return and_(reply_edit.c.workspace_id == reply.c.workspace_id, reply_edit.c.reply_id == reply.c.reply_id)


def _respondent() -> ColumnElement[str]:
    """One contact is one respondent wherever they answer; others go by the name they answered under."""
    return case(
        (reply.c.contact_id.is_not(None), func.concat("contact ", reply.c.contact_id)), else_=reply.c.respondent
    )
