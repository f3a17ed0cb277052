"""What became of the questions of some time, and who does not answer, or wants no questions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from kpi.model import Scope
from kpi.store.facts.surveys import FIRST_SERIES, SURVEYS_OF
from kpi.store.facts.wanted import ACCOUNTS_OF, same_account
from kpi.store.store import Record, Tx
from kpi.store.tables import account, contact, delivery, held_answer, interaction, owner, reply, survey

_DELIVERED = survey.c.state.in_(("posted", "answered", "expired"))
_FEWEST_UNANSWERED = 2
_UNDER_WAY = ("queued", "sending", "unknown")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose questions, of which instants `[start, end)`, seen at `now`. The scope has its id."""

    scope: Scope
    start: datetime
    end: datetime
    now: datetime


def fates(tx: Tx, asked: Asked) -> list[Record]:
    """How many questions came to what: account_id, programme, owner_id (who looked after the account when it was sent),
    fate, reason (of suppressed ones) and n.

    A question belongs to the instant it was posted; one that was not, to that at which it was given up, else decided.
    The fate is answered, declined, expired or open of one that was posted; skipped of one that somebody called off by
    hand; on_its_way; else its state.
    """
    when, reason = _when(), case((survey.c.state == "suppressed", survey.c.reason)).label("reason")
    sender = func.coalesce(survey.c.owner_at_send, interaction.c.owner_id, account.c.owner_id).label("owner_id")
    each = _questions(tx, asked.scope, survey.c.account_id, survey.c.programme, sender, _fate(asked.now), reason)
    within = (when >= asked.start, when < asked.end, when <= asked.now, survey.c.recorded_at <= asked.now)
    found = each.where(*within).subquery()
    return tx.rows(select(*found.c, func.count().label("n")).group_by(*found.c))


def silent_questions(tx: Tx, asked: Asked) -> dict[tuple[str, int], int]:
    """How many questions posted in the time ran out without an answer, by instrument and series of its wording.

    Of nps people are counted, and only those none of whose nps answers is of the same time: it counts a person once.
    """
    alone = func.concat("survey ", survey.c.survey_id)
    person = case((survey.c.contact_id.is_(None), alone), else_=func.concat("contact ", survey.c.contact_id))
    counted = case((survey.c.instrument != "nps", alone), (~_answered_nps(asked).exists(), person))
    each = (survey.c.instrument, survey.c.series)
    query = _questions(tx, asked.scope, *each, func.count(counted.distinct()).label("n")).where(
        _fate(asked.now).in_(("expired", "declined")),
        survey.c.posted_at >= asked.start,
        survey.c.posted_at < asked.end,
        survey.c.posted_at <= asked.now,
    )
    return {(row["instrument"], row["series"]): row["n"] for row in tx.rows(query.group_by(*each))}


def silent_accounts(tx: Tx, scope: Scope, now: datetime, days: int) -> list[Record]:
    """Accounts at which two questions or more ran out in so many days and nothing was answered: account_id, name, n,
    since (the first question left unanswered) and last_answered_at, null of those that never answered anything."""
    begin = now - timedelta(days=days)
    ran_out = _fate(now).in_(("expired", "declined"))
    last = (
        select(reply.c.account_id, func.max(reply.c.answered_at).label("at"))
        .where(tx.mine(reply))
        .group_by(reply.c.account_id)
        .subquery()
    )
    since = func.min(survey.c.posted_at).filter(or_(last.c.at.is_(None), survey.c.posted_at > last.c.at))
    recent = func.count().filter(survey.c.posted_at >= begin)
    query = (
        select(account.c.account_id, account.c.name, recent.label("n"), since.label("since"))
        .add_columns(last.c.at.label("last_answered_at"))
        .select_from(survey.join(account, same_account(survey)))
        .outerjoin(last, last.c.account_id == account.c.account_id)
        .where(tx.mine(survey), ran_out, ACCOUNTS_OF[scope.kind](scope), survey.c.posted_at <= now)
        .where(or_(last.c.at.is_(None), last.c.at < begin), ~_waits_to_be_mapped())
        .group_by(account.c.account_id, account.c.name, last.c.at)
        .having(recent >= _FEWEST_UNANSWERED)
        .order_by(account.c.name, account.c.account_id)
    )
    return tx.rows(query)


def wishes(tx: Tx, scope: Scope) -> list[Record]:
    """Who wants no questions, or fewer: account_name, contact_name, opted_out_at and asked_less_at."""
    told = (account.c.name.label("account_name"), contact.c.name.label("contact_name"))
    query = select(*told, contact.c.opted_out_at, contact.c.asked_less_at).join(account, same_account(contact))
    wished = or_(contact.c.opted_out_at.is_not(None), contact.c.asked_less_at.is_not(None))
    return tx.rows(
        query.where(tx.mine(contact), wished, ACCOUNTS_OF[scope.kind](scope)).order_by(
            account.c.name, contact.c.name, contact.c.contact_id
        )
    )


def strangers(tx: Tx, scope: Scope) -> list[Record]:
    """Whose answers wait until somebody says who they are: account_name, name, n and since, the longest first."""
    query = (
        select(account.c.name.label("account_name"), held_answer.c.name, func.count().label("n"))
        .add_columns(func.min(held_answer.c.answered_at).label("since"))
        .select_from(held_answer.join(survey, _asked(held_answer)))
        .join(account, same_account(survey))
        .where(tx.mine(held_answer), held_answer.c.verdict.is_(None), ACCOUNTS_OF[scope.kind](scope))
        .group_by(account.c.account_id, account.c.name, held_answer.c.slack_user_id, held_answer.c.name)
    )
    return tx.rows(query.order_by(func.min(held_answer.c.answered_at), held_answer.c.slack_user_id))


def put_off(tx: Tx, scope: Scope) -> list[Record]:
    """Questions that wait for room in the budget: account_name, contact_name, instrument, due_at and reason."""
    whom = (contact.c.workspace_id == survey.c.workspace_id) & (contact.c.contact_id == survey.c.contact_id)
    told = (account.c.name.label("account_name"), contact.c.name.label("contact_name"))
    query = (
        select(*told, survey.c.instrument, survey.c.due_at, survey.c.reason)
        .select_from(survey.join(account, same_account(survey)).outerjoin(contact, whom))
        .where(tx.mine(survey), survey.c.state == "scheduled", survey.c.reason.is_not(None))
        .where(ACCOUNTS_OF[scope.kind](scope))
    )
    return tx.rows(query.order_by(survey.c.due_at, survey.c.survey_id))


def names(tx: Tx) -> dict[str, dict[int, str]]:
    """What accounts and owners are called, by kind and id."""
    tables = {"account": (account, account.c.account_id), "owner": (owner, owner.c.owner_id)}
    return {
        kind: {row["id"]: row["name"] for row in tx.rows(select(key.label("id"), table.c.name).where(tx.mine(table)))}
        for kind, (table, key) in tables.items()
    }


def ended(tx: Tx, start: datetime, end: datetime) -> list[Record]:
    """The questions whose time to answer was over in `[start, end)`, by account: account_id, answered and n."""
    over = func.coalesce(survey.c.expires_at, survey.c.posted_at)
    answered = func.count().filter(_fate(end) == "answered")
    query = select(survey.c.account_id, answered.label("answered"), func.count().label("n"))
    return tx.rows(query.where(tx.mine(survey), _DELIVERED, over >= start, over < end).group_by(survey.c.account_id))


def _questions(tx: Tx, scope: Scope, *columns: ColumnElement[Any]) -> Select[Any]:
    """The scope's questions; an owner's are those sent while the account was theirs."""
    about = (interaction.c.workspace_id == survey.c.workspace_id) & (
        interaction.c.interaction_id == survey.c.interaction_id
    )
    joined = survey.join(account, same_account(survey)).outerjoin(interaction, about)
    return select(*columns).select_from(joined).where(tx.mine(survey), SURVEYS_OF[scope.kind](scope))


def _when() -> ColumnElement[datetime]:
    given_up = case((survey.c.state.in_(("cancelled", "failed")), survey.c.closed_at))
    return func.coalesce(survey.c.posted_at, given_up, survey.c.recorded_at)


def _fate(now: datetime) -> ColumnElement[str]:
    """As the response rate counts what was posted (`store.facts.surveys`)."""
    over = func.coalesce(survey.c.expires_at, case((survey.c.state == "expired", survey.c.posted_at))) <= now
    answered = or_(survey.c.state == "answered", _replies().exists())
    return case(
        (and_(_DELIVERED, answered), "answered"),
        (and_(_DELIVERED, over, survey.c.declined_at.is_not(None)), "declined"),
        (and_(_DELIVERED, over), "expired"),
        (_DELIVERED, "open"),
        (and_(survey.c.state == "cancelled", survey.c.decided_by.is_not(None)), "skipped"),
        (and_(survey.c.state == "scheduled", _is_under_way()), "on_its_way"),
        else_=survey.c.state,
    ).label("fate")


def _replies() -> Select[Any]:
    """Answers to the survey."""
    same = (reply.c.workspace_id == survey.c.workspace_id, reply.c.survey_id == survey.c.survey_id)
    return select(reply.c.reply_id).where(*same)


def _answered_nps(asked: Asked) -> Select[Any]:
    """What the person asked said in the time to a question of the same series."""
    other = survey.alias("other")
    given_to = (other.c.workspace_id == reply.c.workspace_id) & (other.c.survey_id == reply.c.survey_id)
    given = select(reply.c.reply_id).outerjoin(other, given_to)
    return given.where(
        reply.c.workspace_id == survey.c.workspace_id,
        reply.c.contact_id == survey.c.contact_id,
        reply.c.instrument == "nps",
        reply.c.answered_at >= asked.start,
        reply.c.answered_at < asked.end,
        func.coalesce(other.c.series, FIRST_SERIES) == survey.c.series,
    )


def _is_under_way() -> ColumnElement[bool]:
    return exists().where(
        delivery.c.workspace_id == survey.c.workspace_id,
        delivery.c.survey_id == survey.c.survey_id,
        delivery.c.kind.in_(("survey", "invitation")),
        delivery.c.state.in_(_UNDER_WAY),
    )


def _asked(table: Any) -> ColumnElement[bool]:
    return and_(survey.c.workspace_id == table.c.workspace_id, survey.c.survey_id == table.c.survey_id)


def _waits_to_be_mapped() -> ColumnElement[bool]:
    """Somebody did answer at the account; nobody has said who."""
    other = survey.alias("answered_survey")
    same = (other.c.workspace_id == held_answer.c.workspace_id) & (other.c.survey_id == held_answer.c.survey_id)
    waiting = select(held_answer.c.held_id).join(other, same).where(held_answer.c.verdict.is_(None))
    return waiting.where(
        other.c.workspace_id == account.c.workspace_id, other.c.account_id == account.c.account_id
    ).exists()
