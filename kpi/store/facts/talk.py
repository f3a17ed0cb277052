"""How we and clients speak: interactions, messages, waits, and the use of what they bought."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)

from kpi.store.facts.wanted import Wanted, at_known_account, same_account
from kpi.store.interactions import MEETINGS
from kpi.store.store import Tx
from kpi.store.tables import account, account_day, episode, interaction, usage_day

_FIRST_DAY = date(1, 1, 1)


def interactions(tx: Tx, wanted: Wanted) -> Select[Any]:
    """How many interactions, and meetings and reviews among them, each account had on each local day."""
    row = interaction.c
    day = cast(func.timezone(wanted.zone.key, row.occurred_at), Date)
    meetings = func.count().filter(row.kind.in_(MEETINGS))
    return (
        select(row.account_id, _ordinal(day), func.count(), meetings)
        .join(account, same_account(interaction))
        .where(at_known_account(tx, wanted, interaction), wanted.happened(row.occurred_at))
        .where(row.recorded_at <= wanted.as_of, or_(row.withdrawn_at.is_(None), row.withdrawn_at > wanted.as_of))
        .group_by(row.account_id, day)
        .order_by(row.account_id, day)
    )


def messages(tx: Tx, wanted: Wanted) -> Select[Any]:
    """How many messages went each way, on days on which somebody counted them."""
    row = account_day.c
    return (
        select(row.account_id, _ordinal(row.day), func.coalesce(row.from_client, 0), func.coalesce(row.from_us, 0))
        .join(account, same_account(account_day))
        .where(at_known_account(tx, wanted, account_day), wanted.falls(row.day))
        .where(or_(row.from_client.is_not(None), row.from_us.is_not(None)), wanted.known(row.messages_recorded_at))
        .order_by(row.account_id, row.day)
    )


def used(tx: Tx, wanted: Wanted) -> Select[Any]:
    """The days on which an account used anything."""
    row = usage_day.c
    return (
        select(row.account_id, _ordinal(row.day))
        .join(account, same_account(usage_day))
        .where(at_known_account(tx, wanted, usage_day), wanted.falls(row.day), row.value > 0)
        .where(wanted.known(row.recorded_at))
        .group_by(row.account_id, row.day)
        .order_by(row.account_id, row.day)
    )


def episodes(tx: Tx, wanted: Wanted) -> Select[Any]:
    """The waits begun in the window; one whose answer was not known at as_of lasts."""
    row = episode.c
    answered = (row.first_response_at <= wanted.as_of) & wanted.known(row.response_recorded_at)
    ended = case((answered, row.first_response_at), else_=null())
    return (
        select(row.account_id, _as_sent(row.opened_at), _as_sent(ended))
        .join(account, same_account(episode))
        .where(at_known_account(tx, wanted, episode), wanted.happened(row.opened_at))
        .where(row.recorded_at <= wanted.as_of)
        .order_by(row.opened_at, row.key)
    )


def _ordinal(day: ColumnElement[date]) -> ColumnElement[int]:
    """A day as Python counts it (`date.toordinal`)."""
    return cast(day - literal(_FIRST_DAY, Date), Integer) + 1


def _as_sent(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    """An instant as the driver gives it, aware in the session's zone: the frame makes it UTC, all rows at once."""
    return type_coerce(instant, DateTime(timezone=True))
