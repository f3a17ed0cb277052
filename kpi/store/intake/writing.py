"""Columns of texts as the lines PostgreSQL's COPY takes."""

import csv
import io
from collections.abc import Iterable


def as_lines(*columns: Iterable[str]) -> str:
    """The rows as CSV, an empty text unquoted: that is NULL to COPY."""
    rows = list(zip(*columns, strict=True))
    lines = "\n".join(map(",".join, rows))
    if not rows or _plain(lines, len(rows), len(rows[0])):
        return lines + "\n" if rows else ""
    quoted = io.StringIO()
    csv.writer(quoted, lineterminator="\n").writerows(rows)
    return quoted.getvalue()


def _plain(lines: str, rows: int, columns: int) -> bool:
    """Whether no text holds what separates texts and rows, nor a quote."""
    separators = lines.count(",") == rows * (columns - 1) and lines.count("\n") == rows - 1
    return separators and '"' not in lines and "\r" not in lines
