"""Connections to the operator's database, or to the bundled one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine

from bot import embedded
from bot.settings import Settings
from kpi.store import schema


@contextmanager
def open_database(settings: Settings) -> Iterator[Engine]:
    """Connections to DATABASE_URL, or to the bundled PostgreSQL, which runs while anyone is inside."""
    environment = settings.environment
    if environment.database_url is not None:
        yield from _connected(environment.database_url.get_secret_value())
        return
    with embedded.running(environment.data_dir, port=environment.postgres_port) as url:
        yield from _connected(url)


@contextmanager
def open_current_database(settings: Settings) -> Iterator[Engine]:
    """The same for commands beside the bot: only the bundled database is brought up to date by them.

    One of the operator's own may serve an older bot just now; StaleSchema says what to do.
    """
    with open_database(settings) as engine:
        if settings.environment.database_url is None:
            schema.migrate(engine)
        schema.require_current(engine)
        yield engine


def _connected(url: str) -> Iterator[Engine]:
    # No prepared statements on the server: a transaction pooler hands every transaction another connection.
    # No parameters in errors: they end in the log, and hold what clients wrote.
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=30,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"prepare_threshold": None, "connect_timeout": 5},
    )
    try:
        yield engine
    finally:
        engine.dispose()
