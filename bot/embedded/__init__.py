"""The bundled PostgreSQL: started by its first user, joined by the others, stopped by the last."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.embedded.place import EmbeddedFault, Place, choose
from bot.embedded.programs import program
from bot.embedded.server import PORT, Wish, granted, is_down, resume, serve, stop

__all__ = ["PORT", "EmbeddedFault", "program", "revive", "running"]


@contextmanager
def running(data: Path, *, durable: bool = True, port: int | None = None) -> Iterator[str]:
    """Give the URL of the PostgreSQL kept in `data`, for SQLAlchemy and psycopg alike; it runs while anyone is inside.

    Every process of this machine may be inside at once; one that is killed has left, for the kernel drops its lock.
    Without `durable` a power cut may cost the data (for tests). With a `port` whoever starts it has it listen there, on
    this machine only, to roles with a password. Raises EmbeddedFault, which says what to do.
    """
    with _in_words(data):
        place = choose(data)
        users = place.lock("users").open("a")
    with users:
        try:
            with _turn(place), _in_words(data):
                fcntl.flock(users, fcntl.LOCK_SH)
                url = serve(place, Wish(durable, port))
            yield url
        finally:
            with _turn(place):
                if granted(users, fcntl.LOCK_EX):
                    stop(place)


def revive(data: Path, *, port: int | None = None) -> bool:
    """Start the PostgreSQL kept in `data` again when it has died under those who are inside; whether it had.

    Does not wait until it answers, and never makes a new one where there was one before. `port` is that of those
    inside. Raises EmbeddedFault where it cannot be started.
    """
    with _in_words(data):
        if not (data / "postgres" / "PG_VERSION").exists():
            raise EmbeddedFault(f"{data / 'postgres'} is not there any more: put it back, or stop kpibot.")
        place = choose(data)
        if not is_down(place):
            return False
        with _turn(place), place.lock("users").open("a") as users:
            if granted(users, fcntl.LOCK_EX) or not is_down(place):
                return False
            resume(place, Wish(port=port))
    return True


@contextmanager
def _turn(place: Place) -> Iterator[None]:
    """Starts and stops happen one at a time."""
    with place.lock("turn").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@contextmanager
def _in_words(data: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise EmbeddedFault(
            f"The bundled PostgreSQL cannot use {data}: {error.strerror}{where}. "
            "Set KPIBOT_DATA to a folder this user may write to, or DATABASE_URL to a PostgreSQL of your own."
        ) from error
