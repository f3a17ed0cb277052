"""How often each kind of fact has changed: what was computed from facts of a version holds as long as the version does.

Triggers leave a note in every transaction that writes facts; a version is what has been folded plus the notes since.
Whoever reads the version first and the facts then may find newer facts than it says, never older ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert

from kpi.store.store import Tx
from kpi.store.tables import fact_log, fact_version

WHOLE = date(1, 1, 1)
"""The day that stands for a whole topic."""
_DAY = timedelta(days=1)
_LOCK = 7_265_012  # one number for "kpibot is folding the notes of this database"

TOPICS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("account", "owner"),
    "terms": ("account_term",),
    "revenue": ("revenue",),
    "offers": ("offer",),
    "feedback": ("feedback",),
    "answers": ("reply", "reply_edit", "account"),
    "surveys": ("survey", "interaction", "reply", "reply_edit", "account"),
    "interactions": ("interaction",),
    "messages": ("account_day",),
    "usage": ("usage_day",),
    "episodes": ("episode",),
}
"""The tables each frame is read from."""


@dataclass(frozen=True, slots=True)
class Version:
    """How often something was written, and the latest instant anything in it ever spoke of."""

    count: int = 0
    latest: datetime | None = None

    def settled(self, as_of: datetime) -> bool:
        """Whether nothing in it speaks of an instant after `as_of`: what is known now was all known then."""
        return self.latest is None or self.latest <= as_of


def topics_of(frames: Iterable[str]) -> tuple[str, ...]:
    """The tables behind some frames, and that of targets, by which every answer is judged."""
    return tuple(sorted({"target", *(topic for frame in frames for topic in TOPICS[frame])}))


def of_topics(tx: Tx, topics: Iterable[str]) -> dict[str, Version]:
    """The version of each topic; one nothing was ever written to is missing."""
    rows = tx.connection.execute(_OF_TOPICS, {"workspace": tx.workspace_id, "topics": list(topics)})
    return {topic: Version(int(count), latest) for topic, count, latest in rows}


def of_days(tx: Tx, topics: Iterable[str], first: date, end: date) -> dict[date, Version]:
    """The version of each of the UTC days `[first, end)` over some topics; a day nothing happened on is missing."""
    where = {"workspace": tx.workspace_id, "topics": list(topics), "first": first, "end": end}
    return {day: Version(int(count), latest) for day, count, latest in tx.connection.execute(_OF_DAYS, where)}


def around(versions: Mapping[date, Version], day: date) -> Version:
    """The version of a local day: of the UTC days it may lie in."""
    near = [versions[each] for each in (day - _DAY, day, day + _DAY) if each in versions]
    latest = max((each.latest for each in near if each.latest), default=None)
    return Version(sum(each.count for each in near), latest)


def fold(tx: Tx) -> int:
    """Add the notes to what was folded before; how many there were. Sums stay what they are.

    Of several who fold at once one does, and the others find nothing to do.
    """
    if not tx.value(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    gone = delete(fact_log).where(tx.mine(fact_log)).returning(fact_log.c.topic, fact_log.c.day, fact_log.c.latest)
    notes = gone.cte("notes")
    day = func.coalesce(notes.c.day, WHOLE)
    counted = select(literal(tx.workspace_id), notes.c.topic, day, func.count(), func.max(notes.c.latest))
    columns = ["workspace_id", "topic", "day", "version", "latest"]
    adding = insert(fact_version).from_select(columns, counted.group_by(notes.c.topic, day))
    sums = {
        "version": fact_version.c.version + adding.excluded.version,
        "latest": func.greatest(fact_version.c.latest, adding.excluded.latest),
    }
    return tx.run(adding.on_conflict_do_update(index_elements=fact_version.primary_key, set_=sums))


_OF_TOPICS = text("""
    SELECT topic, sum(version), max(latest) FROM (
        SELECT topic, version, latest FROM fact_version
         WHERE workspace_id = :workspace AND topic = ANY(:topics) AND day = DATE '0001-01-01'
        UNION ALL
        SELECT topic, 1, latest FROM fact_log
         WHERE workspace_id = :workspace AND topic = ANY(:topics) AND day IS NULL
    ) notes GROUP BY topic
""")
_OF_DAYS = text("""
    SELECT day, sum(version), max(latest) FROM (
        SELECT day, version, latest FROM fact_version
         WHERE workspace_id = :workspace AND topic = ANY(:topics) AND day >= :first AND day < :end
        UNION ALL
        SELECT day, 1, latest FROM fact_log
         WHERE workspace_id = :workspace AND topic = ANY(:topics) AND day >= :first AND day < :end
    ) notes GROUP BY day
""")
