"""Who else may read: the role that analysts' tools connect as."""

import re
import secrets
from dataclasses import dataclass

from kpi.errors import KpiError
from kpi.ports import Now
from kpi.store import audit
from kpi.store.reporting import reader
from kpi.store.reporting.reader import Address
from kpi.store.store import Store

ROLE = "kpibot_reader"
SHORTEST_PASSWORD = 12
_ROLE = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Access:
    """What a tool needs to connect; `beyond` is what the role may read or change besides, by others' doing."""

    role: str
    password: str
    address: Address
    beyond: list[str]


@dataclass(frozen=True, slots=True)
class Reporting:
    """Lets a role read the views of the schema reporting, and nothing else."""

    store: Store
    now: Now

    def enable(self, role: str, password: str | None, by: str) -> Access:
        """Make the role, or give the one that was made before this password; None: a new one, told this once."""
        if not _ROLE.fullmatch(role):
            raise KpiError(f"“{role}” cannot be a role's name: small letters, digits and _, and no pg_ in front.")
        chosen = secrets.token_urlsafe(24) if password is None else password
        if len(chosen) < SHORTEST_PASSWORD or not chosen.isprintable():
            raise KpiError(f"The password needs at least {SHORTEST_PASSWORD} characters, on one line.")
        with self.store.transaction() as tx:
            reader.make_views(tx)
        with self.store.transaction() as tx:
            beyond = reader.enable(tx, role, chosen)
            audit.add(tx, self.now(), by, "reporting.enable", f"role:{role}")
            return Access(role, chosen, reader.address(tx), beyond)

    def disable(self, role: str, by: str) -> None:
        """Remove the role; whoever is connected as it reads nothing more. UnknownWord where there is none."""
        with self.store.transaction() as tx:
            reader.disable(tx, role)
            audit.add(tx, self.now(), by, "reporting.disable", f"role:{role}")
