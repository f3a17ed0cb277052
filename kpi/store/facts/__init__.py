"""Facts as they were known at an instant, read by the rules of KPIS.md (Time, Population)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select

from kpi.facts import COLUMNS, Facts, frame
from kpi.store.facts import portfolio, surveys, talk
from kpi.store.facts.wanted import Wanted
from kpi.store.store import Tx

__all__ = ["Wanted", "load"]

QUERIES: Mapping[str, Callable[[Tx, Wanted], Select[Any]]] = {
    "accounts": portfolio.accounts,
    "terms": portfolio.terms,
    "revenue": portfolio.revenues,
    "offers": portfolio.offers,
    "feedback": portfolio.feedbacks,
    "answers": surveys.answers,
    "surveys": surveys.posted,
    "interactions": talk.interactions,
    "messages": talk.messages,
    "usage": talk.used,
    "episodes": talk.episodes,
}


def load(tx: Tx, wanted: Wanted) -> Facts:
    """The facts as they were known at `wanted.as_of`; a frame that is not needed stays empty and costs nothing."""
    frames = {name: _frame(tx, name, wanted) for name in COLUMNS if name in wanted.needs}
    return Facts(as_of=wanted.as_of, zone=wanted.zone, **frames)


def _frame(tx: Tx, name: str, wanted: Wanted) -> Any:
    return frame(name, tx.connection.execute(QUERIES[name](tx, wanted)).all())
