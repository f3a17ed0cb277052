"""What the budget counts, and what conditions and the calendar look at."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.types import DateTime

from kpi.store.store import Record, Tx
from kpi.store.tables import account, account_term, channel, contact, delivery, owner, person, survey, talk

_ON_ITS_WAY = ("queued", "sending", "unknown")


def near(
    tx: Tx, whom: tuple[int, Collection[int], str | None], between: tuple[datetime, datetime], now: datetime
) -> list[Record]:
    """The questions to an account, to these contacts at any account, or in this channel between two instants.

    survey_id, account_id, contact_id, instrument, channel_id, at, is_planned. One on its way is asked
    now; one nobody can say of was asked when its delivery was given up.
    """
    account_id, persons, channel_id = whom
    sent = (
        select(delivery.c.survey_id, delivery.c.state, delivery.c.finished_at)
        .ext(distinct_on(delivery.c.survey_id))
        .where(tx.mine(delivery), delivery.c.kind.in_(("survey", "invitation")), delivery.c.state.in_(_ON_ITS_WAY))
        .where(delivery.c.survey_id.is_not(None))
        .order_by(delivery.c.survey_id, delivery.c.delivery_id.desc())
        .subquery()
    )
    moment = literal(now, DateTime(timezone=True))
    under_way = case((sent.c.state == "unknown", sent.c.finished_at), (sent.c.state.is_not(None), moment))
    at = func.coalesce(survey.c.posted_at, under_way, survey.c.due_at)
    lost = and_(survey.c.state == "failed", sent.c.state == "unknown")
    asked = or_(survey.c.state.in_(("posted", "answered", "expired", "scheduled")), lost)
    concerned = or_(
        survey.c.account_id == account_id,
        survey.c.contact_id.in_(list(persons)),
        survey.c.channel_id == channel_id if channel_id else literal(False),
    )
    copied = (survey.c.survey_id, survey.c.account_id, survey.c.contact_id, survey.c.instrument)
    planned = and_(survey.c.posted_at.is_(None), sent.c.state.is_(None)).label("is_planned")
    where = case((survey.c.place.in_(("dm", "link")), None), else_=survey.c.channel_id).label("channel_id")
    query = select(*copied, where, at.label("at"), planned).select_from(
        survey.outerjoin(sent, sent.c.survey_id == survey.c.survey_id)
    )
    return tx.rows(query.where(tx.mine(survey), asked, concerned, at > between[0], at < between[1]))


def about(tx: Tx, account_id: int, contact_id: int | None, day: date) -> Record:
    """What is known of an account and a contact on a day: account, segment, plan, timezone, owner, contact (by key),
    person_timezone, disconnected_at (of the channel), term_starts_on and term_ends_on (of the term that covers the
    day, else null)."""
    terms = (account_term.c.workspace_id == account.c.workspace_id, account_term.c.account_id == account.c.account_id)
    covering = (*terms, account_term.c.starts_on <= day, _not_over(day))
    current = select(func.max(account_term.c.starts_on)).where(*covering).scalar_subquery()
    ends = select(func.max(account_term.c.ends_on)).where(*covering).scalar_subquery()
    holder = (owner.c.workspace_id == account.c.workspace_id) & (owner.c.owner_id == account.c.owner_id)
    asked = (contact.c.workspace_id == account.c.workspace_id) & (contact.c.contact_id == contact_id)
    user = (person.c.workspace_id == contact.c.workspace_id) & (person.c.slack_user_id == contact.c.slack_user_id)
    place = (channel.c.workspace_id == account.c.workspace_id) & (channel.c.channel_id == account.c.channel_id)
    query = (
        select(
            account.c.key.label("account"),
            account.c.segment,
            account.c.plan,
            account.c.timezone,
            owner.c.key.label("owner"),
            contact.c.key.label("contact"),
            person.c.timezone.label("person_timezone"),
            channel.c.disconnected_at,
            current.label("term_starts_on"),
            ends.label("term_ends_on"),
        )
        .select_from(
            account.outerjoin(owner, holder).outerjoin(contact, asked).outerjoin(person, user).outerjoin(channel, place)
        )
        .where(tx.mine(account), account.c.account_id == account_id)
    )
    found = tx.row(query)
    if found is None:
        raise RuntimeError("an account vanished while it was locked")
    return found


def last_said(tx: Tx, channel_id: str, thread_ts: str | None) -> datetime | None:
    """When a message was last written in a channel, or in one of its threads, as far as we heard."""
    place = (talk.c.channel_id == channel_id, talk.c.thread_ts == (thread_ts or ""))
    found: datetime | None = tx.value(select(talk.c.last_at).where(tx.mine(talk), *place))
    return found


def _not_over(day: date) -> ColumnElement[bool]:
    return or_(account_term.c.ends_on.is_(None), account_term.c.ends_on > day)
