"""Bearer tokens of the REST interface: only their digests are kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from kpi.store.store import Record, Tx
from kpi.store.tables import api_token

_USE_NOTED_EVERY = timedelta(minutes=1)


def add(tx: Tx, name: str, digest: str, scopes: Iterable[str], now: datetime) -> bool:
    """Keep a new token's digest; False when the name is taken."""
    values = {"name": name, "digest": digest, "scopes": sorted(scopes), "created_at": now}
    return tx.insert_once(api_token, values) is not None


def find(tx: Tx, digest: str) -> Record | None:
    """The token of this digest, unless it was revoked."""
    live = (api_token.c.digest == digest, api_token.c.revoked_at.is_(None))
    return tx.row(select(api_token).where(tx.mine(api_token), *live))


def listed(tx: Tx) -> list[Record]:
    """All tokens by name, revoked ones included."""
    return tx.rows(select(api_token).where(tx.mine(api_token)).order_by(api_token.c.name))


def revoke(tx: Tx, name: str, now: datetime) -> bool:
    """Take a token back; False when there is no such one, or it was taken back before."""
    live = (api_token.c.name == name, api_token.c.revoked_at.is_(None))
    return tx.run(update(api_token).where(tx.mine(api_token), *live).values(revoked_at=now)) > 0


def note_use(tx: Tx, token_id: int, now: datetime) -> None:
    """Remember when a token was last used, to the minute."""
    last = api_token.c.last_used_at
    stale = or_(last.is_(None), last < now - _USE_NOTED_EVERY)
    tx.run(
        update(api_token).where(tx.mine(api_token), api_token.c.token_id == token_id, stale).values(last_used_at=now)
    )
