"""Bearer tokens of the REST interface: shown once, kept only as digests."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from kpi.errors import KpiError, Refused, UnknownWord
from kpi.ports import Now
from kpi.store import tokens as rows
from kpi.store.store import Record, Store

SCOPES = ("read", "write")
_PREFIX = "kpibot_"


class NotRecognised(KpiError):
    """No valid token came with the request."""


@dataclass(frozen=True)
class Tokens:
    """Makes and checks tokens. A digest of 256 random bits needs no salt, and finding it leaks no timing."""

    store: Store
    now: Now

    def create(self, name: str, scopes: Iterable[str]) -> str:
        """A new token in plain text, for the one time it is shown."""
        wanted = set(scopes)
        if not name.strip():
            raise KpiError("A token needs a name that says who uses it.")
        if not wanted or wanted - set(SCOPES):
            raise KpiError(f"A token needs one or both of the scopes {' and '.join(SCOPES)}.")
        token = _PREFIX + secrets.token_urlsafe(32)
        with self.store.transaction() as tx:
            if not rows.add(tx, name.strip(), _digest(token), wanted, self.now()):
                raise KpiError(f"There is a token named “{name.strip()}” already; choose another name.")
        return token

    def listed(self) -> list[Record]:
        """Every token there was, by name, with its scopes and instants."""
        with self.store.transaction() as tx:
            return rows.listed(tx)

    def revoke(self, name: str) -> None:
        """The token is not known from now on. UnknownWord where there is none, or it was revoked before."""
        with self.store.transaction() as tx:
            if not rows.revoke(tx, name.strip(), self.now()):
                raise UnknownWord(f"There is no token “{name.strip()}” to revoke; `kpibot token list` shows them.")

    def check(self, authorization: str | None, scope: str) -> str:
        """The name of the token in an `Authorization` header; NotRecognised without one, Refused without the scope."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotRecognised("Send a token made with `kpibot token create` as `Authorization: Bearer …`.")
        with self.store.transaction() as tx:
            found = rows.find(tx, _digest(token.strip()))
            if found is None:
                raise NotRecognised("That token is not known here, or it was revoked.")
            rows.note_use(tx, found["token_id"], self.now())
        if scope not in found["scopes"]:
            raise Refused(f"The token “{found['name']}” lacks the scope {scope}.")
        return str(found["name"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
