"""Charts Slack draws itself (`data_visualization`): lines, bars, areas and pies, without gaps or formatting.

All words are plain ones: nothing in a chart is mrkdwn. https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite

from bot.blocks.parts import Block, trim

MOST_POINTS = 20
MOST_SERIES = 12
MOST_SEGMENTS = 12
LABEL_CHARS = 20
TITLE_CHARS = 50
AXIS_CHARS = 50
CHARTS_PER_MESSAGE = 2
_DECIMALS = 2
_WHOLE_BELOW = 1e15  # beyond it a float has no units digit to speak of

Values = Sequence[float | None]
Series = Mapping[str, Values]
"""Each series by its name, one value for each category; None is a gap."""

Chart = Callable[[str, Sequence[str], Series], Block]


def can_draw(categories: Sequence[str], series: Series) -> bool:
    """Whether Slack can draw it: 1 to 20 categories are left without the gaps, in 1 to 12 series."""
    return 1 <= len(_whole(categories, series)) <= MOST_POINTS and 1 <= len(series) <= MOST_SERIES


def line_chart(title: str, categories: Sequence[str], series: Series, unit: str = "") -> Block:
    """A line for each series. A category without a value in every series is dropped: Slack knows no gaps."""
    return _drawn("line", title, (categories, series), unit)


def bar_chart(title: str, categories: Sequence[str], series: Series, unit: str = "") -> Block:
    """Bars side by side for each series."""
    return _drawn("bar", title, (categories, series), unit)


def area_chart(title: str, categories: Sequence[str], series: Series, unit: str = "") -> Block:
    """Filled lines, one for each series."""
    return _drawn("area", title, (categories, series), unit)


def pie_chart(title: str, segments: Mapping[str, float]) -> Block:
    """Shares of a whole; what is not above zero has no share. Raises ValueError unless 1 to 12 segments are left."""
    shares = {name: rounded(value) for name, value in segments.items() if isfinite(value) and rounded(value) > 0}
    if not 1 <= len(shares) <= MOST_SEGMENTS:
        raise ValueError(f"a pie has 1 to {MOST_SEGMENTS} segments, not {len(shares)}")
    named = zip(distinct(shares), shares.values(), strict=True)
    return _block(title, {"type": "pie", "segments": [{"label": name, "value": value} for name, value in named]})


def rounded(value: float) -> int | float:
    """A value as a chart shows it: at most two decimals, and none where there are none."""
    shown = round(float(value), _DECIMALS)
    return int(shown) if shown == int(shown) and abs(shown) < _WHOLE_BELOW else shown


def distinct(labels: Iterable[str]) -> list[str]:
    """Labels of at most 20 characters, none empty and no two alike: what was cut alike is numbered."""
    taken: list[str] = []
    for label in labels:
        name, number = trim(label.strip() or "–", LABEL_CHARS), 2
        while name in taken:
            name = trim(label.strip() or "–", LABEL_CHARS - len(f" {number}")) + f" {number}"
            number += 1
        taken.append(name)
    return taken


def _drawn(kind: str, title: str, drawn: tuple[Sequence[str], Series], unit: str) -> Block:
    categories, series = drawn
    if not can_draw(categories, series):
        raise ValueError("a chart has 1 to 20 categories with values, in 1 to 12 series")
    kept = _whole(categories, series)
    labels = distinct(categories[i] for i in kept)
    lines = [
        {"name": name, "data": [{"label": label, "value": value} for label, value in zip(labels, points, strict=True)]}
        for name, points in zip(distinct(series), (_points(values, kept) for values in series.values()), strict=True)
    ]
    axes = {"categories": labels} | ({"y_label": trim(unit, AXIS_CHARS)} if unit else {})
    return _block(title, {"type": kind, "series": lines, "axis_config": axes})


def _whole(categories: Sequence[str], series: Series) -> list[int]:
    """The places where every series has a value."""
    return [i for i in range(len(categories)) if all(_is_value(values[i]) for values in series.values())]


def _points(values: Values, kept: Sequence[int]) -> list[int | float]:
    return [rounded(value) for value in (values[i] for i in kept) if value is not None]


def _is_value(value: float | None) -> bool:
    return value is not None and isfinite(value)


def _block(title: str, chart: Block) -> Block:
    return {"type": "data_visualization", "title": trim(title, TITLE_CHARS), "chart": chart}
