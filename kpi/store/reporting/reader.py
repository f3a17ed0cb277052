"""The role that analysts' tools connect as: it may read the views of the schema `reporting`, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.errors import DependentObjectsStillExist, InsufficientPrivilege
from psycopg.sql import SQL, Composed, Identifier, Literal
from sqlalchemy import text

from kpi.errors import KpiError, UnknownWord
from kpi.store.reporting import views
from kpi.store.store import Tx

MOST_CONNECTIONS = 20

# A reader may lift these for its session: they keep an analyst's tool from mistakes, its rights keep it from harm.
_SESSIONS = (
    ("default_transaction_read_only", "on"),
    ("statement_timeout", "5min"),
    ("idle_in_transaction_session_timeout", "5min"),
    ("search_path", "reporting"),
)
_MAY_MAKE_ROLES = text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
_SAID_OF = text("SELECT coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles WHERE rolname = :role")
_MAY_CONNECT = text("SELECT has_database_privilege(:role, current_database(), 'CONNECT')")
_LISTENS = text("SELECT current_setting('listen_addresses') AS addresses, current_setting('port')::integer AS port")
_BEYOND = text("""
SELECT format('%I.%I', nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname NOT IN ('reporting', 'information_schema')
    AND NOT starts_with(nspname, 'pg_') AND has_schema_privilege(:role, pg_namespace.oid, 'USAGE')
    AND (has_table_privilege(:role, pg_class.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(:role, pg_class.oid, 'SELECT, INSERT, UPDATE'))
UNION
SELECT format('schema %I (new tables)', nspname) FROM pg_namespace
WHERE NOT starts_with(nspname, 'pg_') AND has_schema_privilege(:role, oid, 'CREATE')
ORDER BY 1
""")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is found from here; `host` is None where it listens on a socket only."""

    host: str | None
    port: int
    database: str


def address(tx: Tx) -> Address:
    """As a tool on this machine has to name it."""
    info = _driver(tx).info
    if info.host and not info.host.startswith("/"):
        return Address(info.host, info.port, info.dbname)
    listens = tx.connection.execute(_LISTENS).one()
    return Address("127.0.0.1" if listens.addresses else None, listens.port, info.dbname)


def make_views(tx: Tx) -> None:
    """Have the views there. KpiError where our own role may not make them, with what somebody else must run."""
    if views.refresh(tx.connection):
        return
    user = _driver(tx).info.user
    needed = _shown(tx, SQL("CREATE SCHEMA reporting AUTHORIZATION {}").format(Identifier(user)))
    raise KpiError(
        f"The views are not there: either the role {user} may not make the schema reporting, or somebody else has one "
        f"of that name. Where there is none, have somebody who may run {needed}; then run this again."
    )


def enable(tx: Tx, role: str, password: str) -> list[str]:
    """Make the role, or give the one we made a new password; what else it may read or change, by others' doing.

    The password itself never reaches the server, and so none of its logs. KpiError where our own role may not do it,
    with what somebody else must run.
    """
    said = _said_of(tx, role)
    if said not in {None, _mark(tx)}:
        raise KpiError(f"There is a role {role} already that was not made for this database: choose another --role.")
    if not tx.value(_MAY_MAKE_ROLES):
        raise _needs_others(tx, role)
    secret = _driver(tx).pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    with _permitted(tx, role):
        for statement in _making(tx, role, secret, "CREATE" if said is None else "ALTER"):
            _driver(tx).execute(statement)
    if not tx.value(_MAY_CONNECT.bindparams(role=role)):
        _driver(tx).execute(_connect(tx, role))
    return list(tx.connection.execute(_BEYOND, {"role": role}).scalars())


def disable(tx: Tx, role: str) -> None:
    """Take the role's rights and remove it. UnknownWord where there is none, KpiError for one we did not make."""
    said = _said_of(tx, role)
    if said is None:
        raise UnknownWord(f"There is no role {role} to remove.")
    if said != _mark(tx):
        raise KpiError(f"The role {role} was not made for this database by `kpibot reporting enable`; it stays.")
    name = Identifier(role)
    with _permitted(tx, role):
        for statement in (
            SQL("REVOKE ALL ON ALL TABLES IN SCHEMA reporting FROM {}").format(name),
            SQL("REVOKE ALL ON SCHEMA reporting FROM {}").format(name),
            SQL("REVOKE ALL ON DATABASE {} FROM {}").format(Identifier(_driver(tx).info.dbname), name),
            SQL("DROP ROLE {}").format(name),
        ):
            _driver(tx).execute(statement)


def _making(tx: Tx, role: str, secret: str, verb: str) -> Iterator[Composed]:
    name, database = Identifier(role), Identifier(_driver(tx).info.dbname)
    yield SQL("{} ROLE {} LOGIN CONNECTION LIMIT {} PASSWORD {}").format(SQL(verb), name, MOST_CONNECTIONS, secret)
    yield SQL("COMMENT ON ROLE {} IS {}").format(name, _mark(tx))
    yield SQL("GRANT USAGE ON SCHEMA reporting TO {}").format(name)
    yield SQL("GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO {}").format(name)
    for setting, value in _SESSIONS:
        yield SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(name, database, SQL(setting), Literal(value))


def _connect(tx: Tx, role: str) -> Composed:
    return SQL("GRANT CONNECT ON DATABASE {} TO {}").format(Identifier(_driver(tx).info.dbname), Identifier(role))


def _needs_others(tx: Tx, role: str) -> KpiError:
    info = _driver(tx).info
    needed = "; ".join(_shown(tx, statement) for statement in (*_making(tx, role, "…", "CREATE"), _connect(tx, role)))
    return KpiError(
        f"The role {info.user} may not make roles: have somebody who may run this in the database {info.dbname}, with "
        f"a password of your own: {needed};"
    )


@contextmanager
def _permitted(tx: Tx, role: str) -> Iterator[None]:
    try:
        yield
    except InsufficientPrivilege as fault:
        raise KpiError(
            f"The role {_driver(tx).info.user} may not do this with {role}: {fault.diag.message_primary}."
        ) from fault
    except DependentObjectsStillExist as fault:
        raise KpiError(
            f"The role {role} has more than `kpibot reporting enable` gave it ({fault.diag.message_detail}): "
            f"have a DBA run DROP OWNED BY {role} in each of those databases, then run this again."
        ) from fault


def _said_of(tx: Tx, role: str) -> str | None:
    """What the comment on a role says; None: there is no such role."""
    found: str | None = tx.value(_SAID_OF.bindparams(role=role))
    return found


def _mark(tx: Tx) -> str:
    """How we know our own roles again: they belong to the whole server."""
    return f"Reads the schema reporting of the database {_driver(tx).info.dbname}; made by kpibot."


def _shown(tx: Tx, statement: Composed) -> str:
    return statement.as_string(_driver(tx))


def _driver(tx: Tx) -> Connection[Any]:
    found: Connection[Any] = tx.connection.connection.driver_connection  # type: ignore[assignment]  # psycopg's
    return found
