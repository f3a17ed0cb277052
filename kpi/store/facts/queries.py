"""The one list of frames and how each is read."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Select

from kpi.store.facts import portfolio, surveys, talk
from kpi.store.facts.wanted import Wanted
from kpi.store.store import Tx

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
