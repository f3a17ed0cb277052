"""The demo's own folder: nothing of a real installation is ever in it, and it is empty at each start."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.embedded import EmbeddedFault, running
from kpi.errors import KpiError

_MARK = "made-by-kpibot-demo.txt"
_MEANING = "`kpibot demo` empties this folder at each start. Keep nothing here.\n"


@contextmanager
def own_folder(data: Path) -> Iterator[Path]:
    """`data`/demo, empty, for one demo at a time. KpiError when it is in use, holds strange files or cannot be made."""
    folder = data / "demo"
    with _in_words(folder):
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "demo.lock").open("a")
    with lock:
        _claim(lock.fileno(), folder)
        with _in_words(folder):
            _make_empty(folder)
        yield folder


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KpiError(
            f"The demo cannot use {folder}: {error.strerror}. Set KPIBOT_DATA to a folder this user may write to."
        ) from error


def _claim(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise KpiError(
            f"A demo is running in {folder} already: end it, or set KPIBOT_DATA to another folder."
        ) from None


def _make_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise KpiError(f"{folder} holds files that are not the demo's: set KPIBOT_DATA to another folder.")
    if (folder / "postgres/postmaster.pid").exists():  # a demo that was killed left its server running
        with suppress(EmbeddedFault), running(folder, durable=False):
            pass
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    (folder / _MARK).write_text(_MEANING, encoding="utf-8")
