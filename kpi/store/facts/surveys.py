"""What clients were asked and what they answered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from kpi.model import Scope
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


def answers(tx: Tx, wanted: Wanted) -> Select[Any]:
    """Answers of the window, each at its first instant with the last score known at as_of."""
    given = reply.c
    owner_id = func.coalesce(given.owner_id, account.c.owner_id)
    columns = (_respondent(), given.survey_id, given.instrument, _score(wanted), given.answered_at)
    return (
        select(given.account_id, owner_id, *columns)
        .join(account, same_account(reply))
        .where(tx.mine(reply), given.instrument.in_([str(instrument) for instrument in wanted.instruments]))
        .where(wanted.happened(given.answered_at), given.recorded_at <= wanted.as_of)
        .where(ANSWERS_OF[wanted.of.kind](wanted.of))
        .order_by(given.answered_at, given.reply_id)
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
    seen = replied.where(reply.c.answered_at <= wanted.as_of, reply.c.recorded_at <= wanted.as_of)
    ended = func.coalesce(survey.c.expires_at, case((survey.c.state == "expired", survey.c.posted_at)))
    return case(
        (seen.exists(), "answered"),
        (and_(survey.c.state == "answered", ~replied.exists()), "answered"),
        (ended <= wanted.as_of, "expired"),
        else_="open",
    )


def _score(wanted: Wanted) -> ColumnElement[int]:
    """The stored score is the last; where it was changed after as_of, the last version known by then."""
    edit = reply_edit.c
    known = (
        select(edit.score)
        .where(reply_edit.c.workspace_id == reply.c.workspace_id, edit.reply_id == reply.c.reply_id)
        .where(edit.answered_at <= wanted.as_of, edit.recorded_at <= wanted.as_of)
        .order_by(edit.answered_at.desc(), edit.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    return case((reply.c.edited_at <= wanted.as_of, reply.c.score), else_=func.coalesce(known, reply.c.score))


def _respondent() -> ColumnElement[str]:
    """One contact is one respondent wherever they answer; others go by the name they answered under."""
    return case(
        (reply.c.contact_id.is_not(None), func.concat("contact ", reply.c.contact_id)), else_=reply.c.respondent
    )
