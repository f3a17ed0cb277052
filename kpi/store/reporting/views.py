"""The views, made from the SQL files beside this one: anew whenever those or the tables change."""

from hashlib import sha256
from pathlib import Path

from psycopg.errors import DependentObjectsStillExist
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from kpi.errors import KpiError

FILES = ("parts", "accounts", "conversation", "money", "surveys", "published", "common", "grants")
"""In the order they need one another."""

_MARK = (
    "Views for analysts, made by kpibot and dropped at its upgrades; others belong in a schema of their own. Version "
)
_FOUND = text("""
SELECT obj_description(oid, 'pg_namespace') AS said, pg_has_role(nspowner, 'USAGE') AS is_ours,
    NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = pg_namespace.oid) AS is_empty
FROM pg_namespace WHERE nspname = 'reporting'
""")
_VIEWS = text("""
SELECT string_agg(quote_ident(nspname) || '.' || quote_ident(relname), ', ')
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'v' AND (nspname = 'reporting' OR nspname = current_schema() AND starts_with(relname, 'reporting_'))
""")
_MAY_CREATE = text("SELECT has_database_privilege(current_database(), 'CREATE')")


def refresh(connection: Connection) -> bool:
    """Make the views those of this version; whether they are there now.

    They are not where our role may make no schema, or somebody else has one of this name: the bot needs none of it.
    """
    statements = [_file(name) for name in FILES]
    mark = _MARK + sha256("".join(statements).encode()).hexdigest()[:12]
    said = _mark(connection)
    if said != mark and not _opened(connection, said):
        return False
    if said != mark:
        drop(connection)
        for statement in (*statements, f"COMMENT ON SCHEMA reporting IS '{mark}'"):
            connection.exec_driver_sql(statement)
    return True


def drop(connection: Connection) -> None:
    """Let go of the tables, so that they can change. KpiError where somebody's own views stand on ours."""
    if not (_mark(connection) or "").startswith(_MARK):
        return
    names = connection.scalar(_VIEWS)
    try:
        if names:
            connection.exec_driver_sql(f"DROP VIEW {names}".replace("%", "%%"))
        connection.exec_driver_sql(f"COMMENT ON SCHEMA reporting IS '{_MARK}none'")
    except DBAPIError as fault:
        if not isinstance(fault.orig, DependentObjectsStillExist):
            raise
        raise KpiError(
            f"The views of the schema reporting have to be made anew, and others stand on them: "
            f"{_in_a_line(fault.orig.diag.message_detail)}. Drop those, run `kpibot migrate`, and make them again."
        ) from fault


def _opened(connection: Connection, said: str | None) -> bool:
    """Whether there is a schema to make views in: one of ours, an empty one that we were given, or a new one."""
    found = connection.execute(_FOUND).mappings().one_or_none()
    if found is not None:
        return bool(found["is_ours"]) and ((said or "").startswith(_MARK) or bool(found["is_empty"]))
    if not connection.scalar(_MAY_CREATE):
        return False
    connection.exec_driver_sql("CREATE SCHEMA reporting")
    return True


def _mark(connection: Connection) -> str | None:
    found = connection.execute(_FOUND).mappings().one_or_none()
    return None if found is None else found["said"]


def _file(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8").replace("%", "%%")


def _in_a_line(detail: str | None) -> str:
    return ", ".join((detail or "").splitlines())
