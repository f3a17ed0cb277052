"""Charts as small inline SVG with their numbers in a table below; everything is escaped."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

Node = Mapping[str, Any]

WIDE, HIGH, EDGE = 420.0, 120.0, 8.0
COLOURS = ("#36c5f0", "#2eb67d", "#ecb22e", "#e01e5a", "#4a154b", "#777")


def chart_html(block: Node) -> str:
    """The chart, then its numbers: one row for each category or segment, one column for each series."""
    chart = block["chart"]
    is_pie = chart["type"] == "pie"
    series = [{"name": "", "data": chart["segments"]}] if is_pie else chart["series"]
    title = f"<figcaption><b>{escape(str(block['title']))}</b>{escape(_unit(chart))}</figcaption>"
    drawn = "".join(_shapes("bar" if is_pie else chart["type"], series))
    svg = f'<svg viewBox="0 0 {WIDE:g} {HIGH:g}" role="img" style="max-width:{WIDE:g}px">{drawn}</svg>'
    return f"<figure>{title}{svg}{_numbers(series)}</figure>"


def _unit(chart: Node) -> str:
    label = (chart.get("axis_config") or {}).get("y_label")
    return f", {label}" if label else ""


def _numbers(series: Sequence[Node]) -> str:
    heading = "".join(f"<th>{escape(str(one['name']))}</th>" for one in series)
    rows = "".join(_row(points) for points in zip(*(one["data"] for one in series), strict=False))
    return f"<table><tr><th></th>{heading}</tr>{rows}</table>"


def _row(points: Sequence[Node]) -> str:
    cells = "".join(f"<td>{point['value']}</td>" for point in points)
    return f"<tr><th>{escape(str(points[0]['label']))}</th>{cells}</tr>"


def _shapes(kind: str, series: Sequence[Node]) -> Iterator[str]:
    values = [float(point["value"]) for one in series for point in one["data"]]
    low, high = min(0.0, *values), max(0.0, *values)
    for number, one in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        heights = [_height(float(point["value"]), low, high) for point in one["data"]]
        if kind == "bar":
            yield from _bars(heights, _height(0, low, high), (number, len(series)), colour)
        else:
            yield _path(heights, _height(0, low, high), colour, is_filled=kind == "area")


def _height(value: float, low: float, high: float) -> float:
    return HIGH - EDGE - (HIGH - 2 * EDGE) * (value - low) / ((high - low) or 1.0)


def _bars(heights: Sequence[float], base: float, place: tuple[int, int], colour: str) -> Iterator[str]:
    number, of = place
    step = (WIDE - 2 * EDGE) / len(heights)
    width = step * 0.8 / of
    for index, y in enumerate(heights):
        x, top = EDGE + index * step + number * width, min(y, base)
        yield f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{abs(base - y):.1f}" fill="{colour}"/>'


def _path(heights: Sequence[float], base: float, colour: str, *, is_filled: bool) -> str:
    step = (WIDE - 2 * EDGE) / max(len(heights) - 1, 1)
    points = [(EDGE + index * step, y) for index, y in enumerate(heights)]
    ends = [(points[0][0], base), *points, (points[-1][0], base)] if is_filled else points
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in ends)
    fill = f'fill="{colour}" fill-opacity=".3"' if is_filled else 'fill="none"'
    return f'<polyline points="{drawn}" {fill} stroke="{colour}" stroke-width="2"/>'
