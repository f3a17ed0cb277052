"""Rows on their way into the tables: staged, checked as a set, merged by their keys, their days counted again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from psycopg.errors import LockNotAvailable
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from kpi.errors import KpiError
from kpi.records.entity import Entity
from kpi.records.rows import Flaw, Rows
from kpi.store.intake import checks, conversation, days, people, portfolio, replies, straight, survey
from kpi.store.intake.aliases import canonical
from kpi.store.intake.merging import Counts, merge
from kpi.store.intake.plan import Plan
from kpi.store.intake.staging import KEPT_FLAWS, Filling, Stage, stage
from kpi.store.intake.straight import WORTH_LOADING_BYTES
from kpi.store.store import Tx

__all__ = [
    "KEPT_FLAWS",
    "PLANS",
    "WORTH_LOADING_BYTES",
    "Busy",
    "Clashing",
    "Filling",
    "Found",
    "Stage",
    "Terms",
    "check",
    "load",
    "lock",
    "open_stage",
    "write",
]

PLANS: Mapping[str, Plan] = {
    plan.entity.name: plan
    for plan in (
        people.OWNERS,
        portfolio.ACCOUNTS,
        portfolio.TERMS,
        people.CONTACTS,
        portfolio.REVENUE,
        portfolio.OFFERS,
        conversation.MESSAGES,
        conversation.USAGE,
        conversation.EPISODES,
        conversation.INTERACTIONS,
        survey.SURVEYS,
        survey.REPLIES,
        portfolio.FEEDBACK,
    )
}
_LOCK = 7_265_012  # with the workspace's number: "rows are coming in"


@dataclass(frozen=True, slots=True)
class Terms:
    """What rows are read by: the zone of local days, and the currency of amounts that name none."""

    zone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the checks took out: the first flaws, how many rows were refused, and how many of those without a word."""

    flaws: list[Flaw]
    refused: int
    unspoken: int


class Clashing(KpiError):
    """A row breaks a rule of the database that no check foresaw; `what` begins the sentence about it."""

    def __init__(self, what: str, fault: IntegrityError) -> None:
        rule = getattr(getattr(fault.orig, "diag", None), "constraint_name", None) or "of the database"
        super().__init__(
            f"{what} cannot stand beside what is stored (rule {rule}); nothing was changed. "
            "Somebody may have stored something this moment: please try again."
        )


class Busy(KpiError):
    """Other rows are coming in, and take longer than somebody can wait."""


def lock(tx: Tx, patience_seconds: int) -> None:
    """Rows come in one batch after the other; raises Busy when another takes longer than that."""
    tx.run(text(f"SET LOCAL lock_timeout = '{patience_seconds}s'"))
    try:
        tx.run(select(func.pg_advisory_xact_lock(_LOCK, tx.workspace_id)))
    except OperationalError as fault:
        if isinstance(fault.orig, LockNotAvailable):
            raise Busy("Other rows are being imported just now; nothing was changed. Please try again soon.") from fault
        raise
    tx.run(text("SET LOCAL lock_timeout = 0"))


def open_stage(tx: Tx, entity: Entity, given: Sequence[str]) -> Stage:
    """An empty stage for the rows of an entity."""
    return stage(tx, entity, given)


def load(tx: Tx, entity: Entity, names: Sequence[str], batches: Iterable[Rows]) -> Counts | None:
    """Write rows straight into an empty table; None, and nothing happened, where that cannot be or one has a flaw."""
    return straight.load(tx, PLANS[entity.name], names, batches)


def check(staged: Stage, terms: Terms, silent: frozenset[str] = frozenset()) -> Found:
    """Fill gaps, and take out every row that cannot be merged, `silent`ly where it names what one of those entities
    was to bring."""
    plan = PLANS[staged.entity.name]
    canonical(staged)
    for fill in plan.before:
        fill(staged)
    if "amount" in staged.entity.names:
        portfolio.currency_filled(terms.currency)(staged)
    unknown, unspoken = checks.unknown_names(staged, silent)
    refused = [*unknown, checks.repeated_keys(staged), *checks.run(staged, plan.checks)]
    if staged.entity.name in (column.names for column in staged.entity.columns):
        refused += checks.left_behind(staged)
    return Found([flaw for one in refused for flaw in one.flaws], sum(one.count for one in refused), unspoken)


def write(staged: Stage, terms: Terms) -> Counts:
    """Merge what is left on the stage, and count its days again. Clashing, when a row cannot stand beside others."""
    try:
        return _write(staged, terms)
    except IntegrityError as fault:
        raise Clashing(f"{staged.entity.name}: a row", fault) from fault


def _write(staged: Stage, terms: Terms) -> Counts:
    tx, plan = staged.tx, PLANS[staged.entity.name]
    for prepare in plan.ready:
        prepare(staged)
    days.open_touched(tx)
    done = _MERGES.get(staged.entity.name, _merge)(staged, terms.zone)
    days.recount(tx, terms.zone)
    tx.run(delete(staged.table))
    return done


def _merge(staged: Stage, zone: str) -> Counts:
    return merge(staged, PLANS[staged.entity.name], zone)


def _merge_owners(staged: Stage, zone: str) -> Counts:
    """Owners first, then who reports to whom: managers may be among the same rows."""
    counts = people.count_owners(staged)
    _merge(staged, zone)
    if "manager" in staged.given:
        people.set_managers(staged)
    return counts


def _merge_terms(staged: Stage, zone: str) -> Counts:
    portfolio.date_ends(staged, zone)
    return _merge(staged, zone)


_MERGES: Mapping[str, Callable[[Stage, str], Counts]] = {
    "owners": _merge_owners,
    "terms": _merge_terms,
    "replies": replies.merge,
}
