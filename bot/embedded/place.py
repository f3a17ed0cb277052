"""Where a bundled server lives and as whom it runs."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi.errors import KpiError

QUIET = {"PATH": os.defpath, "LC_ALL": "C"}
# Every user reaches it and it is short: a socket's path may not exceed 103 bytes. What we make in it is private.
SHARED = Path("/tmp")  # noqa: S108 - see above


class EmbeddedFault(KpiError):
    """The bundled PostgreSQL cannot run here; the text says where and what to do."""


@dataclass(frozen=True)
class Place:
    """One server: the operator's folder and the user the server runs as."""

    data: Path
    runner: pwd.struct_passwd

    @property
    def cluster(self) -> Path:
        """The folder PostgreSQL owns; nothing else of `data` is ever given to the runner."""
        return self.data / "postgres"

    @property
    def log(self) -> Path:
        """What the server says, appended by every start."""
        return self.data / "postgres.log"

    @property
    def name(self) -> str:
        """Tells this server from any other on the machine: in its command line and in its socket's path."""
        return "kpibot-" + hashlib.sha256(f"{self.runner.pw_uid} {self.cluster}".encode()).hexdigest()[:16]

    @property
    def folder(self) -> Path:
        """The short private folder of the socket."""
        return SHARED / self.name

    def lock(self, kind: str) -> Path:
        """The file whose lock says who is inside (`users`), whose turn it is (`turn`), whether it runs (`server`)."""
        return self.data / f"postgres.{kind}.lock"

    def identity(self) -> dict[str, Any]:
        """Arguments of `subprocess` that make a child the runner."""
        if os.geteuid() == self.runner.pw_uid:
            return {}
        return {"user": self.runner.pw_uid, "group": self.runner.pw_gid, "extra_groups": []}

    def may(self, condition: str, path: Path) -> bool:
        """Whether the runner, when root needs one, passes the shell's test `condition` on `path`, there called $1."""
        if not self.identity():
            return True
        ask = ["/bin/sh", "-c", condition, "sh", str(path)]
        null = subprocess.DEVNULL
        return subprocess.call(ask, env=QUIET, cwd="/", stdout=null, stderr=null, **self.identity()) == 0  # noqa: S603 - fixed texts

    def give(self, tree: Path) -> None:
        """Make the runner own everything in `tree`, never what a link points to. Only root needs to."""
        if not self.identity():
            return
        for folder, _, files in os.walk(tree):
            for path in (folder, *(f"{folder}/{name}" for name in files)):
                os.chown(path, self.runner.pw_uid, self.runner.pw_gid, follow_symlinks=False)


def choose(data: Path) -> Place:
    """Find the place for `data`, made if it is missing. Raises EmbeddedFault or OSError."""
    data.mkdir(parents=True, exist_ok=True)
    data = data.resolve()
    cluster = data / "postgres"
    me = os.geteuid()
    owner = cluster.stat().st_uid if cluster.exists() else me
    if me == 0:
        return Place(data, _account(owner) if owner else _unprivileged())
    if owner != me:
        raise EmbeddedFault(
            f"{cluster} belongs to user {owner}, not to {_account(me).pw_name}: "
            "run kpibot as its owner, or set KPIBOT_DATA to another folder."
        )
    return Place(data, _account(me))


def make_private(place: Place) -> None:
    """Make the socket's folder, or empty the one a dead server left, if it is nobody else's and no link."""
    with suppress(FileExistsError):
        place.folder.mkdir(mode=0o700)
    if not _is_private(place):
        raise EmbeddedFault(
            f"{place.folder} is no private folder of {place.runner.pw_name}, so PostgreSQL's socket cannot live in it: "
            "somebody else made it; remove it and start again."
        )
    for left in place.folder.glob(".s.PGSQL.*"):
        left.unlink()
    if place.identity():
        os.chown(place.folder, place.runner.pw_uid, place.runner.pw_gid, follow_symlinks=False)


def remove_private(place: Place) -> None:
    """Remove the socket's folder, if it is ours."""
    with suppress(FileNotFoundError):
        if _is_private(place):
            shutil.rmtree(place.folder)


def _is_private(place: Place) -> bool:
    found = place.folder.lstat()
    ours = found.st_uid in (os.geteuid(), place.runner.pw_uid)
    return ours and stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700


def _account(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedFault(
            f"User {uid} has no entry in /etc/passwd, and PostgreSQL cannot be set up without one: "
            "add an entry, or set DATABASE_URL to a PostgreSQL of your own."
        ) from None


def _unprivileged() -> pwd.struct_passwd:
    by_name = {account.pw_name: account for account in pwd.getpwall() if account.pw_uid != 0}
    for account in (by_name.get("postgres"), by_name.get("nobody"), *by_name.values()):
        if account:
            return account
    raise EmbeddedFault(
        "PostgreSQL refuses to run as root and this machine has no other user: "
        "add one (useradd postgres), or set DATABASE_URL to a PostgreSQL of your own."
    )
