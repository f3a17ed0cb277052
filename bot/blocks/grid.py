"""Figures side by side, as Slack lays them out itself: a sortable table (`data_table`) and a strip (`layout`).

All words are plain ones; what Slack would read as mrkdwn is escaped here.
https://docs.slack.dev/reference/block-kit/blocks/data-table-block and …/layout-block
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.parts import Block, fitted, mrkdwn, section, trim

MOST_ROWS = 200
MOST_COLUMNS = 20
TABLE_CHARS = 20_000
STRIP_ROWS = 5
STRIP_ITEMS = 4
FALLBACK_FIELDS = 10
LABEL_CHARS = 150
_CAPTION_CHARS = 150
_CELL_CHARS = 300
_PAGE = 10
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Number:
    """A figure and how it is written: sorted by `value`, read as `shown`."""

    value: float
    shown: str


Cell = str | Number


def data_table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Block:
    """A table with a heading that readers sort and page through; rows that do not fit are cut, and the caption says
    how many. A column sorts by value only where each of its cells is a Number. Raises ValueError without a row."""
    if not rows or not 1 <= len(columns) <= MOST_COLUMNS:
        raise ValueError("a table has a row and 1 to 20 columns")
    heading = [cell(name) for name in columns]
    body = _that_fit(heading, [[cell(found) for found in row] for row in rows])
    return {
        "type": "data_table",
        "caption": counted(caption, len(body), len(rows)),
        "rows": [heading, *body],
        "page_size": min(len(body), _PAGE),
    }


def strip(label: str, cells: Sequence[tuple[str, str]]) -> Block:
    """Up to twenty figures side by side, each a name and what it says; `fallback` serves clients without layouts."""
    shown = [_item(name, words) for name, words in cells[: STRIP_ROWS * STRIP_ITEMS]]
    if not shown:
        raise ValueError("a strip has at least one figure")
    rows = [{"items": [{"block": section(words)} for words in row]} for row in _by(STRIP_ITEMS, shown)]
    fields: list[Block] = [
        {"type": "section", "fields": [mrkdwn(words) for words in ten]} for ten in _by(FALLBACK_FIELDS, shown)
    ]
    return {"type": "layout", "label": trim(label, LABEL_CHARS), "rows": rows, "fallback": fields}


def cell(found: Cell) -> Block:
    """A cell of a table: a figure that can be sorted by, or words."""
    if isinstance(found, Number):
        return {"type": "raw_number", "value": found.value, "text": trim(found.shown, _CELL_CHARS) or _NOTHING}
    return {"type": "raw_text", "text": trim(found, _CELL_CHARS) or _NOTHING}


def cells_chars(rows: Sequence[Sequence[Block]]) -> int:
    """How much the rows of a table count: the texts of all cells."""
    return sum(len(str(found.get("text", ""))) for row in rows for found in row)


def counted(caption: str, shown: int, total: int) -> str:
    """The caption, saying how many rows were left out."""
    note = f" (first {shown} of {total})" if shown < total else ""
    return trim(caption, _CAPTION_CHARS - len(note)) + note


def _that_fit(heading: list[Block], rows: list[list[Block]]) -> list[list[Block]]:
    kept: list[list[Block]] = []
    used = cells_chars([heading])
    for row in rows[:MOST_ROWS]:
        used += cells_chars([row])
        if used > TABLE_CHARS and kept:
            break
        kept.append(row)
    return kept


def _by(size: int, words: Sequence[str]) -> list[Sequence[str]]:
    return [words[start : start + size] for start in range(0, len(words), size)]


def _item(name: str, words: str) -> str:
    return f"{fitted(name, 80)}\n*{fitted(words, 120)}*"
