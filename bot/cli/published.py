"""Whether the definitions in force are those that figures were published by, as far as there is a database to ask."""

from bot.clock import utc_now
from bot.database import open_database
from bot.services import build_publishing
from bot.settings import Settings
from kpi.errors import KpiError
from kpi.store import schema
from kpi.store.store import known_store


def compared(settings: Settings) -> str | None:
    """None when they are, or nothing was published; a sentence when the database that is there cannot be asked.

    KpiError names every one that is not, with what to do. Nothing is made, migrated or written.
    """
    if not _is_there(settings):
        return None
    try:
        faults = _faults(settings)
    except KpiError as fault:
        return f"Not compared with what was published: {fault}"
    if faults:
        raise KpiError("\n".join(faults))
    return None


def _is_there(settings: Settings) -> bool:
    """An operator's own database is for its server to tell; the bundled one is a folder."""
    environment = settings.environment
    return environment.database_url is not None or (environment.data_dir / "postgres" / "PG_VERSION").exists()


def _faults(settings: Settings) -> tuple[str, ...]:
    with open_database(settings) as engine:
        schema.require_current(engine)
        store = known_store(engine)
        return build_publishing(settings, store, utc_now).redefined() if store else ()
