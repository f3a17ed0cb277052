"""Lines Slack cannot draw itself: more than twenty points, a target, an interval around them, gaps.

Pure: values in, PNG bytes out. matplotlib is imported with the first picture (some 60 MB), never at the start.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from math import nan
from threading import Lock
from typing import Any

ALT_CHARS = 1_000
_INCHES, _DOTS_PER_INCH = (6.0, 3.75), 200
_BLUE, _GREY, _RED = "#1264a3", "#616061", "#c0392b"
_TICKS = 6
_DRAWING = Lock()  # matplotlib's fonts are shared between figures


@dataclass(frozen=True, slots=True)
class Line:
    """A course: a value for each label, None a gap; `low` and `high` are its 95% interval, or empty."""

    title: str
    unit: str
    labels: Sequence[str]
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    target: float | None = None


def payload(line: Line, comment: str) -> dict[str, Any]:
    """What a delivery of kind `picture` keeps: figures and words; the picture is drawn when it is sent."""
    return {"text": comment, "picture": asdict(line)}


def line_of(kept: Mapping[str, Any]) -> Line:
    """The line a delivery kept."""
    return Line(**kept)


def alt_text(line: Line) -> str:
    """The picture in words: every value, or where there are too many, the ends and the extremes."""
    known = [(label, value) for label, value in zip(line.labels, line.values, strict=True) if value is not None]
    head = f"{line.title} ({line.unit})" if line.unit else line.title
    target = f" Target {line.target:g}." if line.target is not None else ""
    if not known:
        return f"{head[: ALT_CHARS - 40]}: no values.{target}"
    full = f"{head}: {'; '.join(f'{label} {value:.4g}' for label, value in known)}.{target}"
    return full if len(full) <= ALT_CHARS else f"{head[:400]}: {'; '.join(_ends(known))}.{target}"


def _ends(known: Sequence[tuple[str, float]]) -> Iterator[str]:
    least, most = min(known, key=lambda point: point[1]), max(known, key=lambda point: point[1])
    marks = (("first", known[0]), ("last", known[-1]), ("lowest", least), ("highest", most))
    yield f"{len(known)} values"
    yield from (f"{mark} {label[:40]} {value:.4g}" for mark, (label, value) in marks)


def png(line: Line) -> bytes:
    """The picture, 1,200 by 750 dots: letters a phone shows at reading size."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _DRAWING:
        figure = Figure(figsize=_INCHES, dpi=_DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        _draw(figure.add_subplot(), line)
        drawn = BytesIO()
        figure.savefig(drawn, format="png", metadata={"Software": None})
        return drawn.getvalue()


def _draw(axes: Any, line: Line) -> None:
    places, values = list(range(len(line.values))), _with_gaps(line.values)
    if line.low and line.high:
        band = {"color": _BLUE, "alpha": 0.15, "linewidth": 0, "label": "95% interval"}
        axes.fill_between(places, _with_gaps(line.low), _with_gaps(line.high), **band)
    axes.plot(places, values, color=_BLUE, linewidth=2, marker="o", markersize=3)
    if line.target is not None:
        axes.axhline(line.target, color=_RED, linewidth=1.5, linestyle="--", label=f"Target {line.target:g}")
    _mark_last(axes, line)
    _dress(axes, line)


def _mark_last(axes: Any, line: Line) -> None:
    known = [(place, value) for place, value in enumerate(line.values) if value is not None]
    if known:
        place, value = known[-1]
        above = {"textcoords": "offset points", "xytext": (0, 8), "ha": "center"}
        axes.annotate(f"{value:.4g}", (place, value), color=_BLUE, fontsize=12, fontweight="bold", **above)


def _dress(axes: Any, line: Line) -> None:
    axes.set_title(line.title, loc="left", fontsize=14, fontweight="bold", parse_math=False)
    axes.set_ylabel(line.unit, fontsize=11, color=_GREY, parse_math=False)
    shown = range(0, len(line.labels), max(-(-len(line.labels) // _TICKS), 1))
    axes.set_xticks(list(shown), [line.labels[place] for place in shown], parse_math=False)
    axes.tick_params(labelsize=11, colors=_GREY, length=0)
    axes.grid(axis="y", color="#e5e5e5", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.margins(y=0.15)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    if line.target is not None or line.low:
        axes.legend(loc="best", frameon=False, fontsize=10)


def _with_gaps(values: Sequence[float | None]) -> list[float]:
    return [nan if value is None else value for value in values]
