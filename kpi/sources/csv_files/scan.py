"""One quick look at all bytes of a file before a row of it is read: what it is, and whether it is UTF-8 text."""

import codecs
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kpi.records.rows import Flaw

LONGEST_LINE = 1_000_000
_BLOCK = LONGEST_LINE // 2
_SAVE = "save it as “CSV UTF-8”"
_FORMS = {
    b"PK\x03\x04": f"this is an Excel workbook or another zip archive, not CSV; {_SAVE}",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": f"this is an Excel workbook, not CSV; {_SAVE}",
    b"\x1f\x8b": "this is packed with gzip; unpack it",
    b"PAR1": "this is Parquet, not CSV; let its name end in .parquet",
    b"%PDF-": f"this is a PDF document, not CSV; open the table it was made from and {_SAVE}",
    b"\xff\xfe": f"this is UTF-16, not UTF-8; {_SAVE}",
    b"\xfe\xff": f"this is UTF-16, not UTF-8; {_SAVE}",
}

CHANGED = Flaw(0, "", "the file changed while it was read; import it again")

Stamp = tuple[int, int]
"""A file's bytes and when it was last written: with another stamp it is another file."""
Fault = tuple[int, str]
"""The byte something is wrong at, from 0, and what."""
Look = Callable[[bytes, bool], Fault | None]
"""Looks at the next block of a file, told whether it is the last, and answers the first fault."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file is; with a `flaw` it cannot be read, and the rest is not to be relied upon."""

    size: int = 0
    digest: str = ""
    stamp: Stamp = (0, 0)
    flaw: Flaw | None = None


def scan_text(path: Path) -> Scan:
    """Look at a file that should be CSV."""
    return _scan(path, _Text())


def scan_bytes(path: Path) -> Scan:
    """Look at a file that may hold anything."""
    return _scan(path, lambda _block, _is_last: None)


def stamp_of(descriptor: int) -> Stamp:
    """An open file's stamp."""
    found = os.fstat(descriptor)
    return found.st_size, found.st_mtime_ns


def unreadable(fault: OSError) -> Flaw:
    """What is wrong with a file the system does not give out."""
    return Flaw(0, "", f"it cannot be read ({fault.strerror or fault}); mend that or take it out of the folder")


def _scan(path: Path, look: Look) -> Scan:
    try:
        if flaw := _not_a_file(path.stat().st_mode):
            return Scan(flaw=flaw)
        with path.open("rb") as file:
            return _scanned(file, look)
    except OSError as fault:
        return Scan(flaw=unreadable(fault))


def _not_a_file(mode: int) -> Flaw | None:
    """Opening a pipe would wait for whoever writes into it, and a device may never end."""
    if stat.S_ISREG(mode):
        return None
    what = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
    return Flaw(0, "", f"this is {what}, not a file; rename it or take it out of the folder")


def _scanned(file: BinaryIO, look: Look) -> Scan:
    digest = hashlib.sha256()
    stamp = stamp_of(file.fileno())
    block = file.read(_BLOCK)
    while block:
        following = file.read(_BLOCK)
        if fault := look(block, not following):
            return Scan(stamp[0], flaw=_placed(file, *fault))
        digest.update(block)
        block = following
    return Scan(stamp[0], digest.hexdigest(), stamp)


class _Text:
    """Looks at a text, a block at a time; a line too long is longer than two blocks."""

    def __init__(self) -> None:
        self._seen = 0
        self._line_began = 0
        self._half = b""

    def __call__(self, block: bytes, is_last: bool) -> Fault | None:
        fault = self._form(block) or self._nul(block) or self._encoding(block, is_last) or self._length(block)
        self._seen += len(block)
        return fault

    def _form(self, block: bytes) -> Fault | None:
        return next(((0, said) for magic, said in _FORMS.items() if not self._seen and block.startswith(magic)), None)

    def _nul(self, block: bytes) -> Fault | None:
        place = block.find(b"\0")
        return None if place < 0 else (self._seen + place, f"this holds a byte 0, so it is not UTF-8 text; {_SAVE}")

    def _encoding(self, block: bytes, is_last: bool) -> Fault | None:
        if block.isascii() and not self._half:
            return None
        text = self._half + block
        try:
            _, used = codecs.utf_8_decode(text, "strict", is_last)
        except UnicodeDecodeError as fault:
            return self._seen - len(self._half) + fault.start, _not_utf8(text[fault.start])
        self._half = text[used:]
        return None

    def _length(self, block: bytes) -> Fault | None:
        first, last = _line_ends(block)
        end = self._seen + (len(block) if first is None else first)
        if end - self._line_began > LONGEST_LINE:
            sentence = (
                f"this line has more than {LONGEST_LINE:,} bytes; is a quote left open, or are line ends missing?"
            )
            return self._line_began, sentence
        if last is not None:
            self._line_began = self._seen + last + 1
        return None


def _line_ends(block: bytes) -> tuple[int | None, int | None]:
    """The first and the last end of a line, be it of Windows, Unix or an old Mac."""
    firsts = [place for end in (b"\n", b"\r") if (place := block.find(end)) >= 0]
    return (min(firsts), max(block.rfind(b"\n"), block.rfind(b"\r"))) if firsts else (None, None)


def _not_utf8(byte: int) -> str:
    try:
        bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return f"is not UTF-8 (byte 0x{byte:02X} at character {{}}); save the file as UTF-8"
    return f"is not UTF-8 (byte 0x{byte:02X} at character {{}}, as in Windows-1252); save the file as UTF-8"


def _placed(file: BinaryIO, offset: int, sentence: str) -> Flaw:
    """The fault with its line; a `{}` in it becomes the character of the line, counting from 1."""
    file.seek(0)
    with open(file.fileno(), encoding="latin-1", newline="", closefd=False) as text:
        for number, line in enumerate(text, 1):
            if offset < len(line):
                before = line[:offset].encode("latin-1").decode("utf-8", "replace")
                return Flaw(number, "", sentence.format(len(before) + 1))
            offset -= len(line)
    return Flaw(0, "", sentence.format("?"))
