"""Charts, tables and layouts held against Slack's reference; every fault is named the way Slack names it."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.rules import fault

Node = Mapping[str, Any]

LABEL, AXIS_LABEL = 20, 50
POINTS = (1, 20)
SERIES = (1, 12)
SEGMENTS = (1, 12)
COLUMNS = (1, 20)
TABLE_TEXT: Mapping[str, int] = {"data_table": 20_000, "table": 10_000}
WIDTHS = ("standard", "narrow", "wide")
RICH = frozenset({"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"})
DRAWN = frozenset({"data_visualization", *TABLE_TEXT})


def figure_faults(block: Node, at: str) -> Iterator[str]:
    """All that is wrong inside a chart, a table, a layout, a card or rich text; nothing for other blocks."""
    check = CHECKS.get(str(block.get("type")))
    if check:
        yield from check(block, at)


def table_text(blocks: list[Any], kind: str) -> int:
    """Characters in all cells of the tables of a kind."""
    tables = (block for block in blocks if isinstance(block, Mapping) and block.get("type") == kind)
    cells = (cell for table in tables for row in _items(table.get("rows")) for cell in _items(row))
    return sum(len(str(cell.get("text", ""))) for cell in cells if isinstance(cell, Mapping))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _counted(value: Any, bounds: tuple[int, int], at: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield fault("must be an array", at)
    elif not bounds[0] <= len(value) <= bounds[1]:
        yield fault(f"must have {bounds[0]} to {bounds[1]} items", at)


def _word(value: Any, most: int, at: str) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        yield fault("must be more than 0 characters", at)
    elif len(value) > most:
        yield fault(f"must be less than {most + 1} characters", at)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _chart(block: Node, at: str) -> Iterator[str]:
    chart, at = block.get("chart"), f"{at}/chart"
    kind = chart.get("type") if isinstance(chart, Mapping) else None
    if not isinstance(chart, Mapping) or kind not in {"pie", "line", "bar", "area"}:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
    elif kind == "pie":
        yield from _counted(chart.get("segments"), SEGMENTS, f"{at}/segments")
        for index, segment in enumerate(_items(chart.get("segments"))):
            yield from _point(segment, f"{at}/segments/{index}", above_zero=True)
    else:
        yield from _lines(chart, at)


def _lines(chart: Node, at: str) -> Iterator[str]:
    axes, series = chart.get("axis_config"), _items(chart.get("series"))
    categories = axes.get("categories") if isinstance(axes, Mapping) else None
    yield from _counted(categories, POINTS, f"{at}/axis_config/categories")
    for index, category in enumerate(_items(categories)):
        yield from _word(category, LABEL, f"{at}/axis_config/categories/{index}")
    for name in ("x_label", "y_label"):
        if isinstance(axes, Mapping) and axes.get(name) is not None:
            yield from _word(axes[name], AXIS_LABEL, f"{at}/axis_config/{name}")
    yield from _counted(chart.get("series"), SERIES, f"{at}/series")
    for index, one in enumerate(series):
        yield from _series(one, categories, f"{at}/series/{index}")
    names = Counter(str(one.get("name")) for one in series if isinstance(one, Mapping))
    yield from (fault(f"name already exists: {name}", f"{at}/series") for name, n in names.items() if n > 1)


def _series(series: Any, categories: Any, at: str) -> Iterator[str]:
    if not isinstance(series, Mapping):
        yield fault("must be an object", at)
        return
    yield from _word(series.get("name"), LABEL, f"{at}/name")
    yield from _counted(series.get("data"), POINTS, f"{at}/data")
    points = _items(series.get("data"))
    for index, point in enumerate(points):
        yield from _point(point, f"{at}/data/{index}")
    if sorted(str(p.get("label")) for p in points if isinstance(p, Mapping)) != sorted(map(str, _items(categories))):
        yield fault("must have exactly one point for each category", f"{at}/data")


def _point(point: Any, at: str, *, above_zero: bool = False) -> Iterator[str]:
    if not isinstance(point, Mapping):
        yield fault("must be an object", at)
        return
    yield from _word(point.get("label"), LABEL, f"{at}/label")
    value = point.get("value")
    if not _is_number(value):
        yield fault("must be a number", f"{at}/value")
    elif above_zero and float(value or 0) <= 0:
        yield fault("must be greater than 0", f"{at}/value")


def _table(block: Node, at: str) -> Iterator[str]:
    for number, row in enumerate(_items(block.get("rows"))):
        yield from _counted(row, COLUMNS, f"{at}/rows/{number}")
        for index, cell in enumerate(_items(row)):
            yield from _cell(cell, f"{at}/rows/{number}/{index}")


def _cell(cell: Any, at: str) -> Iterator[str]:
    kind = cell.get("type") if isinstance(cell, Mapping) else None
    if not isinstance(cell, Mapping) or kind not in {"raw_text", "raw_number", "rich_text"}:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
    elif kind != "rich_text":
        yield from _word(cell.get("text"), max(TABLE_TEXT.values()), f"{at}/text")
        if kind == "raw_number" and not _is_number(cell.get("value")):
            yield fault("must be a number", f"{at}/value")


def _data_table(block: Node, at: str) -> Iterator[str]:
    yield from _table(block, at)
    rows = _items(block.get("rows"))
    if len({len(_items(row)) for row in rows}) > 1:
        yield fault("all rows must have the same number of cells", f"{at}/rows")
    if any(isinstance(cell, Mapping) and cell.get("type") == "rich_text" for cell in _items(rows[0] if rows else [])):
        yield fault("rich_text may not stand in the header", f"{at}/rows/0")
    yield from _word(block.get("caption"), max(TABLE_TEXT.values()), f"{at}/caption")


def _layout(block: Node, at: str) -> Iterator[str]:
    for number, row in enumerate(_items(block.get("rows"))):
        items = row.get("items") if isinstance(row, Mapping) else None
        yield from _counted(items, COLUMNS, f"{at}/rows/{number}/items")
        for index, item in enumerate(_items(items)):
            yield from _item(item, f"{at}/rows/{number}/items/{index}")


def _item(item: Any, at: str) -> Iterator[str]:
    if not isinstance(item, Mapping) or not isinstance(item.get("block"), Mapping):
        yield fault("missing required field: block", at)
    elif item.get("width", WIDTHS[0]) not in WIDTHS:
        yield fault(f"must be one of {', '.join(WIDTHS)}", f"{at}/width")


def _card(block: Node, at: str) -> Iterator[str]:
    if block.get("icon") is not None and block.get("slack_icon") is not None:
        yield fault("must have only one of icon, slack_icon", at)


def _rich_text(block: Node, at: str) -> Iterator[str]:
    for index, element in enumerate(_items(block.get("elements"))):
        kind = element.get("type") if isinstance(element, Mapping) else None
        if kind not in RICH:
            yield fault(f"unsupported type: {kind}", f"{at}/elements/{index}/type")
        elif not isinstance(element.get("elements"), list):
            yield fault("missing required field: elements", f"{at}/elements/{index}")


CHECKS: Mapping[str, Callable[[Node, str], Iterator[str]]] = {
    "data_visualization": _chart,
    "data_table": _data_table,
    "table": _table,
    "layout": _layout,
    "card": _card,
    "rich_text": _rich_text,
}
