"""What Slack draws itself, rewritten for a workspace whose Slack refuses it: native > table > text.

A message keeps its sentences and buttons on every rung; its charts, tables and strips become plainer, and what does not
fit is counted. Pure: the rung is decided elsewhere (`kpi/services/capability.py`).
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.blocks.grid import MOST_COLUMNS, cell, cells_chars, counted
from bot.blocks.limits import MESSAGE_CHARS, MOST_BLOCKS, blocks_chars, blocks_count
from bot.blocks.native import PLAIN_TABLE_CHARS, PLAIN_TABLE_ROWS, nested
from bot.blocks.parts import Block, escape, fitted, section
from bot.blocks.rules import MESSAGE, Piece

NATIVE, TABLE, TEXT = "native", "table", "text"
RUNGS = (NATIVE, TABLE, TEXT)
_DRAWN = ("data_visualization", "data_table", "table")
_REWRITTEN = (*_DRAWN, "layout")
_ALIGNED_CHARS = 60  # more in a line is broken on a phone
_LINES_CHARS = 2_700  # of a section, beside its title
_TITLE_CHARS = 150
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a chart or a table shows, in words: a title, a heading, and rows of as many cells."""

    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]


def has_native(payload: Mapping[str, Any]) -> bool:
    """Whether a lower rung would change this message."""
    return any(block.get("type") in _REWRITTEN for block in payload.get("blocks") or ())


def lower(rung: str) -> str | None:
    """The next rung down; None below text. Unknown is tried as native."""
    return {TABLE: TEXT, TEXT: None}.get(rung, TABLE)


def lowered(payload: Mapping[str, Any], rung: str) -> dict[str, Any]:
    """The message for a workspace on this rung; unchanged on native and where the rung is unknown."""
    if rung not in (TABLE, TEXT) or not has_native(payload):
        return dict(payload)
    return {**payload, "blocks": _rewritten(payload["blocks"], rung)}


def _rewritten(blocks: Sequence[Piece], rung: str) -> list[Block]:
    """Each block for itself; those that were drawn share what room the others leave."""
    plain = [_undrawn(block) for block in blocks]
    kept = [each for group in plain if group is not None for each in group]
    chars, count = MESSAGE_CHARS - blocks_chars(kept), MOST_BLOCKS[MESSAGE] - blocks_count(kept)
    waiting, has_table, done = sum(group is None for group in plain), False, list[Block]()
    for block, group in zip(blocks, plain, strict=True):
        if group is not None:
            done += group
            continue
        figures = _figures(block)
        is_table = rung == TABLE and not has_table and len(figures.heading) <= MOST_COLUMNS
        spelled = (_table if is_table else _text)(figures, chars // waiting, count // waiting)
        has_table = has_table or is_table
        chars, count, waiting = chars - blocks_chars(spelled), count - len(spelled), waiting - 1
        done += spelled
    return done


def _undrawn(block: Piece) -> list[Block] | None:
    """The blocks a block becomes whatever the room; None for a chart or a table."""
    if block.get("type") == "layout":
        return [dict(each) for each in block.get("fallback") or nested(block)]
    return None if block.get("type") in _DRAWN else [dict(block)]


def _figures(block: Piece) -> Figures:
    return _charted(block) if block["type"] == "data_visualization" else _tabled(block)


def _charted(block: Piece) -> Figures:
    chart, title = block["chart"], str(block["title"])
    if chart["type"] == "pie":
        rows = [(str(part["label"]), _number(part["value"])) for part in chart["segments"]]
        return Figures(title, ("", ""), rows, frozenset({1}))
    axes, series = chart["axis_config"], chart["series"]
    unit = f" ({axes['y_label']})" if axes.get("y_label") else ""
    points = [[_number(point["value"]) for point in each["data"]] for each in series]
    rows = list(zip(map(str, axes["categories"]), *points, strict=True))
    names = ["", *(str(each["name"]) for each in series)]
    return Figures(title + unit, names, rows, frozenset(range(1, len(names))))


def _tabled(block: Piece) -> Figures:
    heading, *rows = [[str(found.get("text", "")) for found in row] for row in block["rows"]]
    below = block["rows"][1:]
    figures = (i for i in range(len(heading)) if any(row[i].get("type") == "raw_number" for row in below))
    return Figures(str(block.get("caption", "")), heading, rows, frozenset(figures))


def _number(value: float) -> str:
    """As a chart has it, without groups of digits: 1,234 is a small number where commas are decimal points."""
    return str(value)


def _table(figures: Figures, chars: int, count: int) -> list[Block]:
    """A plain table, the oldest form of one: words only, figures to the right; its title where there is room."""
    heading = [cell(name) for name in figures.heading]
    kept, used = list[list[Block]](), cells_chars([heading])
    for row in figures.rows[: PLAIN_TABLE_ROWS - 1]:
        cells = [cell(words) for words in row]
        used += cells_chars([cells])
        if used > PLAIN_TABLE_CHARS:
            break
        kept.append(cells)
    title = counted(figures.title, len(kept), len(figures.rows))
    sides = [{"align": "right" if i in figures.numbers else "left"} for i in range(len(heading))]
    titled = [section(f"*{fitted(title, _TITLE_CHARS)}*")] if title and count > 1 else []
    table: Block = {"type": "table", "rows": [heading, *kept], "column_settings": sides}
    return [*titled, table] if blocks_chars(titled) <= chars else [table]


def _text(figures: Figures, chars: int, count: int) -> list[Block]:
    """Lines of text, as many as there is room for; nothing where there is room for none."""

    def is_too_much(shown: int) -> bool:
        spelled = _first(figures, shown)
        return len(spelled) > count or blocks_chars(spelled) > chars

    rows = len(figures.rows)
    shown = rows if not is_too_much(rows) else bisect_left(range(1, rows + 1), True, key=is_too_much)
    return _first(figures, shown) if shown else []


def _first(figures: Figures, shown: int) -> list[Block]:
    title = counted(figures.title, shown, len(figures.rows))
    return _sections(replace(figures, title=title, rows=figures.rows[:shown]))


def _sections(figures: Figures) -> list[Block]:
    aligned = _aligned(figures)
    lines = aligned or list(_listed(figures))
    fence = f"{_FENCE}\n{{}}\n{_FENCE}" if aligned else "{}"
    first, *more = [fence.format(chunk) for chunk in _chunks(lines)]
    title = f"*{fitted(figures.title, _TITLE_CHARS)}*\n" if figures.title else ""
    return [section(title + first), *map(section, more)]


def _aligned(figures: Figures) -> list[str]:
    """The rows under each other in columns; empty when a phone would break the lines."""
    rows = [row for row in (figures.heading, *figures.rows) if any(row)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(figures.heading))]
    if sum(widths) + 2 * (len(widths) - 1) > _ALIGNED_CHARS:
        return []
    sides = [">" if i in figures.numbers else "<" for i in range(len(widths))]
    lines = (
        "  ".join(f"{words:{side}{width}}" for words, side, width in zip(row, sides, widths, strict=True))
        for row in rows
    )
    return [escape(line.rstrip().replace("`", "'")) for line in lines]


def _listed(figures: Figures) -> Iterator[str]:
    """A line for each row: its name, then each value with the name of its column."""
    for name, *values in figures.rows:
        named = (f"{column} {words}".strip() for column, words in zip(figures.heading[1:], values, strict=True))
        yield fitted(f"• {name}: {' · '.join(named)}" if values else f"• {name}", _LINES_CHARS)


def _chunks(lines: Sequence[str]) -> Iterator[str]:
    """The lines in pieces of at most a section each."""
    piece = ""
    for line in lines:
        if piece and len(piece) + len(line) + 1 > _LINES_CHARS:
            yield piece
            piece = line
        else:
            piece = f"{piece}\n{line}" if piece else line
    yield piece
