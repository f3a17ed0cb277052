"""PostgreSQL's files: check what lies there, or set up a new database cluster."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from bot.embedded.place import QUIET, EmbeddedFault, Place
from bot.embedded.programs import closed, major

INITDB = (
    "--username=postgres",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)
HERE = Path("/proc/self/cwd")


def prepare(place: Place, tree: Path, *, durable: bool) -> None:
    """Make the cluster ready for a start: checked if it is there, else set up whole or not at all.

    Only while no process of its server is left. Raises EmbeddedFault or OSError.
    """
    cluster = place.cluster
    if not cluster.exists() or not any(cluster.iterdir()):
        _set_up(place, tree, durable)
        return
    version = cluster / "PG_VERSION"
    if not version.exists():
        raise EmbeddedFault(
            f"{cluster} holds files that are not PostgreSQL's: move them away, or set KPIBOT_DATA to another folder."
        )
    if (found := version.read_text().strip()) != major():
        raise EmbeddedFault(
            f"{cluster} was written by PostgreSQL {found} and this kpibot brings PostgreSQL {major()}: "
            "dump it with the release that wrote it, move the folder away and restore the dump here (docs/operate.md)."
        )
    if cluster.stat().st_uid != place.runner.pw_uid:
        place.give(cluster)
    cluster.joinpath("postmaster.pid").unlink(missing_ok=True)


def as_seen(place: Place, folder: Path) -> str:
    """How the runner, standing in `folder`, calls it: a folder behind a closed one has no other name than `here`."""
    if place.may('cd "$1"', folder):
        return str(folder)
    if HERE.exists():
        return str(HERE)
    gate, user = closed(place, folder), place.runner.pw_name
    raise EmbeddedFault(
        f"{gate} is closed to {user}, who runs PostgreSQL for root: set KPIBOT_DATA to a folder outside it, "
        f"open it (chmod o+x {gate}), or run kpibot as another user."
    )


def last_words(said: str) -> str:
    """The line of a program's output that tells why it gave up."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if any(mark in line for mark in ("FATAL:", "PANIC:", "error:"))]
    return (telling or lines or ["it said nothing"])[-1]


def _set_up(place: Place, tree: Path, durable: bool) -> None:
    for left in place.data.glob("postgres.new-*"):
        shutil.rmtree(left)
    fresh = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=place.data))
    try:
        place.give(fresh)
        command = [tree / "bin/initdb", *INITDB, *(() if durable else ("--no-sync",)), "-D", as_seen(place, fresh)]
        made = subprocess.run(  # noqa: S603 - our own program on our own folder
            command, check=False, cwd=fresh, env=QUIET, capture_output=True, text=True, **place.identity()
        )
        if made.returncode:
            raise EmbeddedFault(f"PostgreSQL could not be set up in {place.data}: {last_words(made.stderr)}")
        fresh.rename(place.cluster)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
