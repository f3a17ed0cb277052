"""The schema's version: bring a database to the newest one, or say that it is not there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from kpi.errors import KpiError
from kpi.store.reporting import views
from kpi.store.store import reachable

_LOCK = 7_265_011  # one number for "kpibot is migrating this database"
_VERSION_TABLE = "kpibot_schema"
OLDEST_POSTGRESQL = 15


class StaleSchema(KpiError):
    """The database's tables are not those this version needs."""


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the tables, and the views of the schema reporting, to the newest version; (version before, version now).

    One transaction under an advisory lock that ends with it: of many processes starting together one migrates and the
    others wait, and a killed one leaves nothing half-done and nothing locked.
    """
    with reachable(), engine.begin() as connection:
        _refuse_old_server(connection)
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        before = current(connection)
        _refuse_newer(before)
        if before != head():
            views.drop(connection)
            _upgrade(connection)
        views.refresh(connection)
        return before, head()


def require_current(engine: Engine) -> None:
    """Raise StaleSchema, with the command that mends it, unless the tables are those of this version."""
    with reachable(), engine.connect() as connection:
        found = current(connection)
    _refuse_newer(found)
    if found != head():
        raise StaleSchema(
            f"The database's tables are at version {found or 'none'}, this kpibot needs {head()}: run `kpibot migrate`."
        )


def current(connection: Connection) -> str | None:
    """The version of the tables in this database, None when there are none yet."""
    return MigrationContext.configure(connection, opts={"version_table": _VERSION_TABLE}).get_current_revision()


def head() -> str:
    """The version of the tables this program needs."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise RuntimeError("the package carries no schema revisions")
    return newest


def _refuse_old_server(connection: Connection) -> None:
    found = connection.dialect.server_version_info or (0,)
    if int(found[0]) < OLDEST_POSTGRESQL:
        version = ".".join(map(str, found))
        raise KpiError(f"The database is PostgreSQL {version}; kpibot needs PostgreSQL {OLDEST_POSTGRESQL} or newer.")


def _refuse_newer(found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise StaleSchema(
            f"The database's tables are at version {found}, newer than this kpibot's {head()}: run the newer kpibot."
        )


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
