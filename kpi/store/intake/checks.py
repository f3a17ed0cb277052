"""What must hold across rows: names that exist, keys that come once, people who belong where they are said to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, literal, or_, select, tuple_, type_coerce

from kpi.records.rows import Flaw
from kpi.store.intake.plan import KNOWN, Check, exists
from kpi.store.intake.staging import Refused, Stage


def said(*parts: ColumnElement[Any] | str) -> ColumnElement[str]:
    """A sentence from texts and columns; a missing value reads as nothing."""
    return func.concat(*(literal(part) if isinstance(part, str) else cast(part, String) for part in parts))


def unknown_names(stage: Stage, silent: frozenset[str]) -> tuple[list[Refused], int]:
    """Take out the rows that name what there is not; how many of them name what a `silent` entity was to bring."""
    found, unspoken = [], 0
    for column in stage.entity.columns:
        if column.names is None or column.name not in stage.given:
            continue
        name, noun = stage.c[column.name], KNOWN[column.names].noun
        there = exists(stage, column.names, name)
        if column.names == stage.entity.name:
            other = stage.table.alias("other")
            there = or_(there, select(literal(1)).where(other.c[stage.entity.key[0]] == name).exists())
        sentence = said(f"there is no {noun} “", name, f"”; expected one among the {column.names} that came before")
        refused = stage.refuse(and_(name.is_not(None), ~there), sentence, column.name)
        if column.names in silent:
            unspoken += refused.count
        else:
            found.append(refused)
    return found, unspoken


def left_behind(stage: Stage) -> list[Refused]:
    """Take out the rows that name one of their own that was taken out, and those that name them."""
    found: list[Refused] = []
    again, _ = unknown_names(stage, frozenset())
    while any(one.count for one in again):
        found += again
        again, _ = unknown_names(stage, frozenset())
    return found


def repeated_keys(stage: Stage) -> Refused:
    """Take out rows whose key comes more than once: all of them where they differ, all but the first where not."""
    key = [stage.c[name] for name in stage.entity.key]
    if (
        stage.tx.value(select(literal(1)).select_from(stage.table).group_by(*key).having(func.count() > 1).limit(1))
        is None
    ):
        return Refused([], 0)
    return _repeated(stage, key)


def _repeated(stage: Stage, key: Sequence[ColumnElement[Any]]) -> Refused:
    whole = func.md5(cast(tuple_(*(stage.c[name] for name in stage.entity.names)), String))
    of_key: dict[str, Any] = {"partition_by": key}
    ranked = select(
        stage.c.line,
        func.count().over(**of_key).label("times"),
        func.min(stage.c.line).over(**of_key).label("first"),
        func.max(stage.c.line).over(**of_key).label("last"),
        (func.min(whole).over(**of_key) == func.max(whole).over(**of_key)).label("alike"),
    ).cte("ranked")
    wrong = (ranked.c.times > 1) & ((ranked.c.line > ranked.c.first) | ~ranked.c.alike)
    bad = select(ranked).where(wrong).cte("bad")
    gone = delete(stage.table).where(stage.c.line == bad.c.line).cte("gone")
    other = type_coerce(func.least(func.nullif(bad.c.first, bad.c.line), func.nullif(bad.c.last, bad.c.line)), String)
    names = " and ".join(stage.entity.key)
    sentence = said(f"the same {names} as line ", other, "; expected each once")
    found = select(bad.c.line, sentence.label("said"), func.count().over().label("all")).add_cte(gone)
    rows = stage.tx.rows(found.order_by(bad.c.line).limit(1000))
    return Refused([Flaw(row["line"], stage.entity.key[0], row["said"]) for row in rows], rows[0]["all"] if rows else 0)


def shared(stage: Stage, *columns: str) -> ColumnElement[bool]:
    """Whether a row has the same values in these columns as another of the stage; empty ones are like no other."""
    cells = [stage.c[name] for name in columns]
    filled = and_(*(cell.is_not(None) for cell in cells))
    times = func.count().over(partition_by=cells).label("times")
    counted = select(stage.c.line, times).where(filled).subquery()
    again: ColumnElement[bool] = stage.c.line.in_(select(counted.c.line).where(counted.c.times > 1))
    return again


def run(stage: Stage, checks: Sequence[Check]) -> list[Refused]:
    """Take out the rows that break a rule; those about columns that did not come are not asked."""
    return [stage.refuse(check.wrong(stage), check.saying(stage), check.column) for check in checks]


def belongs(stage: Stage) -> ColumnElement[bool]:
    """Whether the contact a row names is not one of its account, and was none before they moved on."""
    contact, account = KNOWN["contacts"].table, KNOWN["accounts"].table
    at_account = (
        select(literal(1))
        .select_from(contact.join(account, _same_account(contact, account)))
        .where(stage.tx.mine(contact), contact.c.key == stage.c.contact)
        .where(or_(account.c.key == stage.c.account, contact.c.moved_at >= _happened(stage)))
    )
    return and_(stage.c.contact.is_not(None), stage.c.account.is_not(None), ~at_account.exists())


def _happened(stage: Stage) -> ColumnElement[Any]:
    """When what a row tells of began: an answer with its question."""
    if "survey" not in stage.entity.names or stage.entity.key == ("survey",):
        return next(stage.c[name] for name in ("occurred_at", "posted_at", "received_at") if name in stage.entity.names)
    survey = KNOWN["surveys"].table
    asked = select(survey.c.posted_at).where(stage.tx.mine(survey), survey.c.key == stage.c.survey)
    return func.coalesce(asked.correlate(stage.table).scalar_subquery(), stage.c.answered_at)


CONTACT_OF_ACCOUNT = Check(
    "contact",
    belongs,
    lambda stage: said("“", stage.c.contact, "” is a contact of another account than “", stage.c.account, "”"),
)


def _same_account(contact: Any, account: Any) -> ColumnElement[bool]:
    return and_(contact.c.workspace_id == account.c.workspace_id, contact.c.account_id == account.c.account_id)
