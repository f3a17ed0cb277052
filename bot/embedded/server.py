"""Start, find and stop the server of one place. Callers hold the turn."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from bot.embedded.cluster import as_seen, last_words, prepare
from bot.embedded.place import QUIET, EmbeddedFault, Place, make_private, remove_private
from bot.embedded.programs import program, runnable

OPTIONS = (
    "unix_socket_permissions=0700",
    "max_connections=100",
    "shared_buffers=128MB",
    "fsync=on",
    "synchronous_commit=on",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=2GB",
    "jit=off",
    "log_checkpoints=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_error_verbosity=terse",
)
CARELESS = ("fsync=off", "full_page_writes=off")
PORT = 5432
"""Names the socket; whoever asks for another one has it listen on that port of this machine, too."""

ADMISSION = """\
local all all trust
host all postgres all reject
host postgres all 127.0.0.1/32 scram-sha-256
"""
"""Who may come in by a port: roles with a password, such as those made for analysts, and never we ourselves."""

SILENCE_SECONDS = 60.0
STOP_SECONDS = 8.0
LOG_BYTES = 10_000_000
STARTING = "---- kpibot starts PostgreSQL\n"


@dataclass(frozen=True, slots=True)
class Wish:
    """How to start a server: whether a power cut must not cost data, and the port of this machine it listens on."""

    durable: bool = True
    port: int | None = None


def serve(place: Place, wish: Wish) -> str:
    """The URL of the place's server, found running or started now. Raises EmbeddedFault or OSError."""
    if not _soon(lambda: is_down(place) or _pid(place), 10):
        raise EmbeddedFault(
            f"{place.cluster} is in use by a PostgreSQL that cannot be seen from here (in another container?): "
            "stop it there, or set KPIBOT_DATA to another folder."
        )
    if is_down(place) or not _answers(place, _port(place)):
        _start(place, wish)
        if not _answers(place, wish.port or PORT):
            said = place.log.read_text(errors="replace").rpartition(STARTING)[2]
            asked = f" with KPIBOT_POSTGRES_PORT={wish.port}" if wish.port else ""
            raise EmbeddedFault(f"PostgreSQL did not start{asked}: {last_words(said)} (its log is {place.log})")
    return f"postgresql://postgres@/postgres?host={quote(str(place.folder), safe='')}&port={_port(place)}"


def resume(place: Place, wish: Wish) -> None:
    """Start a place's server that has died, without waiting for it. Raises EmbeddedFault or OSError."""
    _start(place, wish)


def stop(place: Place) -> None:
    """Stop the server, clients or not; what is committed stays. Raises EmbeddedFault if it will not go."""
    for order, patience in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS)):
        pid = None if is_down(place) else _pid(place)
        if pid is None:
            break
        with suppress(ProcessLookupError):
            os.kill(pid, order)
        if _soon(lambda: is_down(place), patience):
            break
    else:
        raise EmbeddedFault(f"PostgreSQL (process {_pid(place)}) does not stop; its log is {place.log}.")
    if is_down(place):
        remove_private(place)


def granted(file: IO[str], kind: int) -> bool:
    """Whether the lock could be had at once; it then lasts until the file is closed."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_down(place: Place) -> bool:
    """Whether no process of the server is left: each inherits its lock, and the kernel takes it from the dead."""
    with place.lock("server").open("a") as lock:
        return granted(lock, fcntl.LOCK_EX)


def _start(place: Place, wish: Wish) -> None:
    if stranger := _pid(place):
        raise EmbeddedFault(
            f"{place.cluster} is served by process {stranger}, which kpibot did not start: "
            "stop it, or set DATABASE_URL to it."
        )
    make_private(place)
    tree = runnable(place)
    prepare(place, tree, durable=wish.durable)
    if place.log.exists() and place.log.stat().st_size > LOG_BYTES:
        place.log.rename(f"{place.log}.1")
    command = [str(tree / "bin/postgres"), "-D", as_seen(place, place.cluster), "-p", str(wish.port or PORT)]
    own = (f"unix_socket_directories={place.folder}", f"cluster_name={place.name}")
    for option in (*OPTIONS, *(() if wish.durable else CARELESS), *own, *_openness(place, wish)):
        command += ["-c", option]
    _launch(place, command)


def _openness(place: Place, wish: Wish) -> Iterator[str]:
    """Closed to the network, unless a port was asked for: then open to this machine by rules of ours."""
    if wish.port is None:
        yield "listen_addresses="
        return
    rules = place.folder / "admission.conf"
    rules.write_text(ADMISSION, encoding="utf-8")
    yield from ("listen_addresses=127.0.0.1", "password_encryption=scram-sha-256", f"hba_file={rules}")


def _launch(place: Place, command: list[str]) -> None:
    """Run the server in a session of its own, so that neither Ctrl-C nor our own end reaches it."""
    with place.lock("server").open("a") as lock, place.log.open("a") as log, _spared(place.folder) as folder:
        fcntl.flock(lock, fcntl.LOCK_EX)
        log.write(STARTING)
        log.flush()
        subprocess.run(  # noqa: S603 - our own program on our own folder
            ["/bin/sh", "-c", '"$@" &', "sh", *command],
            cwd=place.cluster,
            env=QUIET,
            start_new_session=True,
            pass_fds=(lock.fileno(), folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=True,
            **place.identity(),
        )


@contextmanager
def _spared(folder: Path) -> Iterator[int]:
    """A lock that makes systemd-tmpfiles spare the folder when it clears /tmp, for whoever inherits it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_SH)
        yield opened
    finally:
        os.close(opened)


def _answers(place: Place, port: int) -> bool:
    """Wait until the server takes connections; False when it is gone instead."""
    login = ("-h", str(place.folder), "-p", str(port), "-U", "postgres", "-d", "postgres")
    patience = time.monotonic() + SILENCE_SECONDS
    while time.monotonic() < patience:
        if is_down(place):
            return False
        answer = subprocess.call([program("pg_isready"), "-q", *login], env=QUIET)  # noqa: S603 - our own program
        if answer == 0:
            return True
        if answer == 1:  # it recovers after a crash and says so, however long that takes
            patience = time.monotonic() + SILENCE_SECONDS
        time.sleep(0.01)
    raise EmbeddedFault(f"PostgreSQL does not answer in {place.folder}; its log is {place.log}.")


def _pid(place: Place) -> int | None:
    """The process named in postmaster.pid, if it is this PostgreSQL and not a later process of the same number."""
    try:
        pid = int((place.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    command = _command(pid)
    return pid if "bin/postgres" in command and (place.name in command or str(place.cluster) in command) else None


def _port(place: Place) -> int:
    """The port of the server that runs, which names its socket."""
    try:
        return int((place.cluster / "postmaster.pid").read_text().split("\n")[3])
    except (FileNotFoundError, IndexError, ValueError):
        return PORT


def _command(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        return ""
    listed = ["/bin/ps", "-p", str(pid), "-o", "command="]
    return subprocess.run(listed, check=False, capture_output=True, text=True).stdout  # noqa: S603 - a number


def _soon(condition: Callable[[], object], seconds: float) -> bool:
    """Whether the condition comes true in time."""
    patience = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > patience:
            return False
        time.sleep(0.005)
    return True
