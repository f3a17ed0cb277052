"""Facts as they were known at an instant, read by the rules of KPIS.md (Time, Population)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from kpi.facts import COLUMNS, Facts, frame
from kpi.model import Instrument, Scope
from kpi.periods import local_day, midnight
from kpi.store.store import Tx
from kpi.store.tables import account, account_term, reply, reply_edit


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts: the frames a KPI needs, of one scope, with dated facts of the local days `[first, end)`.

    Nothing that happened or was recorded after `as_of` (aware) is among them. `scope.id` is an account's or an owner's
    id, or a segment's name. Answers are those to `instruments`.
    """

    needs: Collection[str]
    scope: Scope
    first: date
    end: date
    as_of: datetime
    zone: ZoneInfo
    instruments: Collection[str] = tuple(Instrument)

    @property
    def today(self) -> date:
        """The local day of as_of: a date is known from its midnight in the workspace's zone."""
        return local_day(self.as_of, self.zone)


def load(tx: Tx, wanted: Wanted) -> Facts:
    """The facts as they were known at `wanted.as_of`; a frame that is not needed stays empty and costs nothing."""
    frames = {name: _frame(tx, name, wanted) for name in COLUMNS if name in wanted.needs}
    return Facts(as_of=wanted.as_of, zone=wanted.zone, **frames)


def _frame(tx: Tx, name: str, wanted: Wanted) -> Any:
    return frame(name, tx.connection.execute(QUERIES[name](tx, wanted)).all())


def _accounts(tx: Tx, wanted: Wanted) -> Select[Any]:
    columns = (account.c.account_id, account.c.name, account.c.segment, account.c.owner_id, account.c.observed_from)
    return select(*columns).where(_known_accounts(tx, wanted)).order_by(account.c.account_id)


def _terms(tx: Tx, wanted: Wanted) -> Select[Any]:
    """Terms begun by as_of; one whose end nobody knew then still runs."""
    term = account_term.c
    recorded = func.coalesce(term.end_recorded_at, term.recorded_at)
    announced = func.coalesce(term.notice_on, term.ends_on) <= wanted.today
    end_known = case((recorded.is_not(None), recorded <= wanted.as_of), else_=announced)
    return (
        select(term.account_id, term.starts_on, case((end_known, term.ends_on)))
        .join(account, _same_account(account_term))
        .where(tx.mine(account_term), _known_accounts(tx, wanted), term.starts_on <= wanted.today)
        .where(_recorded_by(term.recorded_at, wanted.as_of))
        .order_by(term.account_id, term.starts_on)
    )


def _answers(tx: Tx, wanted: Wanted) -> Select[Any]:
    """Answers of the window, each at its first instant with the last score known at as_of."""
    given = reply.c
    window = (
        given.answered_at >= midnight(wanted.first, wanted.zone),
        given.answered_at < midnight(wanted.end, wanted.zone),
    )
    return (
        select(given.account_id, _respondent(), given.survey_id, given.instrument, _score(wanted), given.answered_at)
        .join(account, _same_account(reply))
        .where(tx.mine(reply), given.instrument.in_([str(instrument) for instrument in wanted.instruments]), *window)
        .where(given.answered_at <= wanted.as_of, given.recorded_at <= wanted.as_of)
        .where(ANSWERS_OF[wanted.scope.kind](wanted.scope))
        .order_by(given.answered_at, given.reply_id)
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


def _known_accounts(tx: Tx, wanted: Wanted) -> ColumnElement[bool]:
    in_scope = ACCOUNTS_OF[wanted.scope.kind](wanted.scope)
    return and_(tx.mine(account), _recorded_by(account.c.recorded_at, wanted.as_of), in_scope)


def _recorded_by(recorded_at: ColumnElement[datetime], as_of: datetime) -> ColumnElement[bool]:
    return or_(recorded_at.is_(None), recorded_at <= as_of)


def _same_account(table: Any) -> ColumnElement[bool]:
    return and_(account.c.workspace_id == table.c.workspace_id, account.c.account_id == table.c.account_id)


def _owner_asked(scope: Scope) -> ColumnElement[bool]:
    return func.coalesce(reply.c.owner_id, account.c.owner_id) == scope.id


Condition = Callable[[Scope], ColumnElement[bool]]

ACCOUNTS_OF: Mapping[str, Condition] = {
    "workspace": lambda _: true(),
    "account": lambda scope: account.c.account_id == scope.id,
    "segment": lambda scope: account.c.segment == scope.id,
    "owner": lambda scope: account.c.owner_id == scope.id,
}
ANSWERS_OF: Mapping[str, Condition] = {**ACCOUNTS_OF, "owner": _owner_asked}
"""Accounts go by their present owner and segment; an answer belongs to the owner of its day."""

QUERIES: Mapping[str, Callable[[Tx, Wanted], Select[Any]]] = {
    "accounts": _accounts,
    "terms": _terms,
    "answers": _answers,
}
