"""The folder an export goes to: written aside first, then put in place, so that nobody finds half of it."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kpi.errors import KpiError

_SUFFIXES = ("csv", "parquet")


@dataclass(frozen=True, slots=True)
class Folder:
    """Where files are written until all of them are."""

    aside: Path

    def scratch(self, name: str) -> Path:
        """The file of this name, not in its place yet."""
        return self.aside / name


@contextmanager
def prepared(directory: Path, stems: Sequence[str], *, replace: bool) -> Iterator[Folder]:
    """Write files inside; afterwards they are in `directory`, or, when the block raises, nothing has changed.

    They are written within `directory`: the only place sure to be on its disk, and as private.
    """
    there = [directory / f"{stem}.{suffix}" for stem in stems for suffix in _SUFFIXES]
    try:
        is_new = _made(directory)
        standing = [path for path in there if path.exists()]
        if standing and not replace:
            raise KpiError(f"{standing[0]} is there already; name an empty folder, or replace its files with --force.")
        with _aside(directory, is_new=is_new) as aside:
            yield Folder(aside)
            _move(aside, directory, standing)
    except OSError as fault:
        raise KpiError(
            f"{directory} cannot be written ({fault.strerror or fault}); nothing in it was changed."
        ) from fault


def _made(directory: Path) -> bool:
    if directory.exists() and not directory.is_dir():
        raise KpiError(f"{directory} is not a folder; name one for the files.")
    is_new = not directory.exists()
    directory.mkdir(parents=True, exist_ok=True)
    return is_new


@contextmanager
def _aside(directory: Path, *, is_new: bool) -> Iterator[Path]:
    aside = Path(tempfile.mkdtemp(prefix=".export-", dir=directory))
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if is_new and not any(directory.iterdir()):
            directory.rmdir()


def _move(aside: Path, directory: Path, standing: Sequence[Path]) -> None:
    fresh = {path.name for path in aside.iterdir()}
    for path in sorted(aside.iterdir()):
        path.replace(directory / path.name)
    for path in standing:
        if path.name not in fresh:
            path.unlink()
