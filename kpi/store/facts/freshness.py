"""When the facts of a question were last recorded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func

from kpi.store.facts.queries import QUERIES
from kpi.store.facts.wanted import Wanted
from kpi.store.store import Tx
from kpi.store.tables import account, account_day, account_term, episode, feedback, interaction, offer, reply, revenue
from kpi.store.tables import survey as asked
from kpi.store.tables import usage_day as usage

RECORDED: Mapping[str, tuple[ColumnElement[datetime], ...]] = {
    "accounts": (account.c.recorded_at,),
    "terms": (account_term.c.recorded_at, account_term.c.end_recorded_at),
    "revenue": (revenue.c.recorded_at,),
    "offers": (offer.c.recorded_at, offer.c.decision_recorded_at),
    "feedback": (feedback.c.recorded_at,),
    "answers": (reply.c.recorded_at, reply.c.edited_at),
    "surveys": (asked.c.recorded_at,),
    "interactions": (interaction.c.recorded_at,),
    "messages": (account_day.c.messages_recorded_at,),
    "usage": (usage.c.recorded_at,),
    "episodes": (episode.c.recorded_at, episode.c.response_recorded_at),
}


def recorded(tx: Tx, wanted: Wanted) -> dict[str, datetime | None]:
    """The newest instant, not after as_of, at which a row of each frame was recorded; None where rows say none."""
    return {
        name: tx.connection.execute(_newest(tx, name, wanted)).scalar_one() for name in RECORDED if name in wanted.needs
    }


def _newest(tx: Tx, name: str, wanted: Wanted) -> Any:
    known = [case((at <= wanted.as_of, at)) for at in RECORDED[name]]
    newest = func.max(func.greatest(*known))
    rows = QUERIES[name](tx, wanted)
    return rows.with_only_columns(newest, maintain_column_froms=True).order_by(None).group_by(None)
