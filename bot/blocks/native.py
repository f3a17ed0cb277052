"""The limits of what Slack draws itself: charts, tables and layouts, each for itself and together in a message.

slack.md §1.2 and §2.1; the reference pages are named in `chart` and `grid`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from math import isfinite
from typing import Any

from bot.blocks.chart import (
    AXIS_CHARS,
    CHARTS_PER_MESSAGE,
    LABEL_CHARS,
    MOST_POINTS,
    MOST_SEGMENTS,
    MOST_SERIES,
    TITLE_CHARS,
)
from bot.blocks.grid import LABEL_CHARS as LAYOUT_LABEL_CHARS
from bot.blocks.grid import MOST_COLUMNS, MOST_ROWS, STRIP_ROWS, TABLE_CHARS, cells_chars
from bot.blocks.rules import ANYWHERE, HOME, MESSAGE, Piece, Rule, chars, inside, one, several

PLAIN_TABLE_ROWS = 100
PLAIN_TABLE_CHARS = 10_000
PLAIN_TABLES_PER_MESSAGE = 1
_LINES = ("line", "bar", "area")


def nested(block: Piece) -> Iterator[Piece]:
    """The blocks inside a layout, row by row; other blocks hold none."""
    rows = block.get("rows") if block.get("type") == "layout" else ()
    for row in rows if isinstance(rows, list) else ():
        for item in row.get("items") or () if isinstance(row, Mapping) else ():
            if isinstance(item, Mapping) and isinstance(item.get("block"), Mapping):
                yield item["block"]


def _chart(chart: Piece) -> Iterator[str]:
    kind = chart.get("type")
    if kind == "pie":
        yield from several("segments", 1, MOST_SEGMENTS, _segment)(chart)
    elif kind in _LINES:
        yield from one("axis_config", _axes, required=True)(chart)
        yield from several("series", 1, MOST_SERIES, _series)(chart)
        yield from _agreement(chart)
    else:
        yield f"there is no chart {kind!r}"


def _segment(segment: Piece) -> Iterator[str]:
    yield from _point(segment)
    if _is_number(segment.get("value")) and segment["value"] <= 0:
        yield "value is not above zero"


def _point(point: Piece) -> Iterator[str]:
    yield from chars("label", LABEL_CHARS, required=True)(point)
    if not _is_number(point.get("value")):
        yield "value is not a number"


def _series(series: Piece) -> Iterator[str]:
    yield from chars("name", LABEL_CHARS, required=True)(series)
    yield from several("data", 1, MOST_POINTS, _point)(series)


def _axes(axes: Piece) -> Iterator[str]:
    yield from (fault for name in ("x_label", "y_label") for fault in chars(name, AXIS_CHARS)(axes))
    categories = axes.get("categories")
    if not isinstance(categories, list) or not 1 <= len(categories) <= MOST_POINTS:
        yield f"categories is not a list of 1 to {MOST_POINTS} labels"
    elif len(set(map(str, categories))) < len(categories):
        yield "two categories are alike"
    else:
        each = ({"category": category} for category in categories)
        yield from (fault for piece in each for fault in chars("category", LABEL_CHARS, required=True)(piece))


def _agreement(chart: Piece) -> Iterator[str]:
    """Names once, and in every series exactly one point for each category."""
    series = [each for each in chart.get("series") or () if isinstance(each, Mapping)]
    names = Counter(str(each.get("name")) for each in series)
    yield from (f"series {name!r} stands twice" for name, count in names.items() if count > 1)
    axes = chart.get("axis_config")
    categories = axes.get("categories") if isinstance(axes, Mapping) else None
    for each in series:
        points = each.get("data")
        labels = [p.get("label") for p in points if isinstance(p, Mapping)] if isinstance(points, list) else None
        if labels != categories:
            yield f"series {each.get('name')!r} has not one point for each category"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _rows(least: int, most: int, *, even: bool) -> Callable[[Piece], Iterator[str]]:
    """The rows of a table: so many, of 1 to 20 cells; `even`: all of one length, with no rich text on top."""

    def check(table: Piece) -> Iterator[str]:
        rows = table.get("rows")
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            yield "rows is not a list of rows"
            return
        if not least <= len(rows) <= most:
            yield f"{len(rows)} rows, allowed are {least} to {most}"
        if any(not 1 <= len(row) <= MOST_COLUMNS for row in rows):
            yield f"a row does not have 1 to {MOST_COLUMNS} cells"
        if even and len({len(row) for row in rows}) > 1:
            yield "rows are of different lengths"
        if even and any(found.get("type") == "rich_text" for found in (rows or [[]])[0] if isinstance(found, Mapping)):
            yield "a heading is rich text"
        yield from (f"cell: {fault}" for found in chain.from_iterable(rows) for fault in inside(_cell, found))

    return check


def _cell(found: Piece) -> Iterator[str]:
    kind = found.get("type")
    if kind not in ("raw_text", "raw_number", "rich_text"):
        yield f"there is no cell {kind!r}"
    if kind in ("raw_text", "raw_number"):
        yield from chars("text", TABLE_CHARS, required=True)(found)
    if kind == "raw_number" and not _is_number(found.get("value")):
        yield "value is not a number"


def _page(table: Piece) -> Iterator[str]:
    size = table.get("page_size", 5)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= 100:
        yield "page_size is not 1 to 100"


def _item(item: Piece) -> Iterator[str]:
    if not isinstance(item.get("block"), Mapping):
        yield "block is missing"


def _at_most(most: int, kind: str) -> Callable[[Sequence[Piece]], Iterator[str]]:
    def check(blocks: Sequence[Piece]) -> Iterator[str]:
        if len(blocks) > most:
            yield f"{len(blocks)} {kind} blocks, at most {most} in a message"

    return check


def _in_room(most: int, kind: str) -> Callable[[Sequence[Piece]], Iterator[str]]:
    def check(blocks: Sequence[Piece]) -> Iterator[str]:
        used = sum(cells_chars(_cells(block)) for block in blocks)
        if used > most:
            yield f"{kind} blocks have {used} characters together, at most {most}"

    return check


def _plain_tables(blocks: Sequence[Piece]) -> Iterator[str]:
    yield from _at_most(PLAIN_TABLES_PER_MESSAGE, "table")(blocks)
    yield from _in_room(PLAIN_TABLE_CHARS, "table")(blocks)


def _cells(table: Piece) -> list[list[dict[str, Any]]]:
    rows = table.get("rows")
    kept = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return [[dict(found) for found in row if isinstance(found, Mapping)] for row in kept]


NATIVE: Mapping[str, Rule] = {
    "data_visualization": Rule(
        (MESSAGE,), (chars("title", TITLE_CHARS, required=True), one("chart", _chart, required=True))
    ),
    "data_table": Rule(
        (MESSAGE, HOME), (chars("caption", TABLE_CHARS, required=True), _rows(2, MOST_ROWS + 1, even=True), _page)
    ),
    "table": Rule((MESSAGE, HOME), (_rows(1, PLAIN_TABLE_ROWS, even=False),)),
    "layout": Rule(
        ANYWHERE,
        (
            chars("label", LAYOUT_LABEL_CHARS, required=True),
            several("rows", 1, STRIP_ROWS, several("items", 1, MOST_COLUMNS, _item)),
        ),
    ),
}

ROOMS: Mapping[str, Callable[[Sequence[Piece]], Iterator[str]]] = {
    "data_visualization": _at_most(CHARTS_PER_MESSAGE, "data_visualization"),
    "data_table": _in_room(TABLE_CHARS, "data_table"),
    "table": _plain_tables,
}
"""What the blocks of a kind may come to together."""
