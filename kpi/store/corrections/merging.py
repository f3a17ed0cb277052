"""Two accounts that are one: everything of the one belongs to the other."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, update

from kpi.store.corrections import conversation, owners, worth
from kpi.store.corrections.counting import Recount
from kpi.store.store import Record, Tx
from kpi.store.tables import (
    account,
    alert,
    contact,
    episode,
    feedback,
    interaction,
    offer,
    reply,
    survey,
)

FILLED = ("owner_id", "segment", "plan", "language", "timezone", "currency", "channel_id")
"""The fields of an account that are filled from one merged into it, where they are empty."""

_MOVED: Mapping[str, Table] = {
    "contacts": contact,
    "offers": offer,
    "waits": episode,
    "interactions": interaction,
    "surveys": survey,
    "answers": reply,
    "pieces of feedback": feedback,
    "alerts": alert,
}


def hold(tx: Tx, account_id: int) -> None:
    """Nobody answers an account's questions until the transaction ends."""
    conversation.lock_surveys(tx, survey.c.account_id == account_id)


def absorb(recount: Recount, gone: Record, into: Record) -> dict[str, int]:
    """Move all rows; how many of what. Contacts that are one person were joined before."""
    tx = recount.tx
    owners.keep_answers(tx, gone["account_id"], gone["owner_id"])
    _change(tx, into["account_id"], _together(tx, gone, into))
    moved = {noun: _move(tx, table, gone["account_id"], into["account_id"]) for noun, table in _MOVED.items()}
    moved["contracts"] = worth.join_terms(tx, gone["account_id"], into["account_id"])
    moved["amounts of revenue"] = worth.join_revenue(tx, gone, into)
    moved["days of messages"] = worth.join_days(recount, gone["account_id"], into["account_id"])
    moved["days of usage"] = worth.join_usage(tx, gone["account_id"], into["account_id"])
    recount.interactions(interaction.c.account_id == into["account_id"])
    recount.answers(reply.c.account_id == into["account_id"])
    return moved


def _move(tx: Tx, table: Table, gone: int, into: int) -> int:
    return tx.run(update(table).where(tx.mine(table), table.c.account_id == gone).values(account_id=into))


def _change(tx: Tx, account_id: int, values: Mapping[str, Any]) -> None:
    tx.run(update(account).where(tx.mine(account), account.c.account_id == account_id).values(values))


def _together(tx: Tx, gone: Record, into: Record) -> Record:
    """What is empty is filled; observed and known since the earlier of both."""
    filled = {name: into[name] if into[name] is not None else gone[name] for name in FILLED}
    recorded = [row["recorded_at"] for row in (gone, into)]
    observed = [row["observed_from"] for row in (gone, into)]
    return {
        **filled,
        "recorded_at": None if None in recorded else min(recorded),
        "observed_from": None if observed == [None, None] else worth.observed_from(tx, gone, into),
    }
