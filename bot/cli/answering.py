"""Answers about KPIs as the command line shows them: for people, or as one JSON document."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from bot.blocks.breakdown_view import breakdown_view
from bot.blocks.console import list_view, value_view, values_view
from bot.blocks.explain_view import explain_view
from bot.blocks.reader import Reader
from bot.blocks.trend_view import trend_view
from bot.cli.session import console, print_json
from bot.services import build_reader
from bot.settings import Settings
from kpi.model import KpiValue
from kpi.records.reading import visible
from kpi.services.breakdowns import Breakdown
from kpi.services.explained import Explanation
from kpi.services.inquiries import Answer, Inquiry, catalog, document, scope_of
from kpi.services.reports import Reports
from kpi.services.scopes import read_as
from kpi.services.trends import Trend

Note = Callable[[KpiValue], str | None]
"""When what was published of a value's period was last revised."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked, and the answer."""

    inquiry: Inquiry
    answer: Answer


def show(settings: Settings, found: Sequence[Answered], note: Note, *, json: bool) -> None:
    """Print the answers; on standard error whom a name was taken for."""
    for words in dict.fromkeys(_read_as(found)):
        print(visible(words), file=sys.stderr)  # noqa: T201 beside the answer
    if json:
        documents = [document(each.answer) for each in found]
        print_json(documents[0] if len(documents) == 1 else documents)
        return
    reader = build_reader(settings)
    for number, view in enumerate(_views([each.answer for each in found], reader, note)):
        if number:
            console.print()
        console.print(view)


def show_list(reports: Reports, *, json: bool) -> None:
    """Print the KPIs there are."""
    if json:
        print_json(catalog(reports))
    else:
        console.print(list_view(reports.listed()))


def _read_as(found: Iterable[Answered]) -> Iterable[str]:
    for each in found:
        words = read_as(each.inquiry.question.scope, scope_of(each.answer))
        if words:
            yield words


def _views(answers: Sequence[Answer], reader: Reader, note: Note) -> list[RenderableType]:
    """Values share a table, when there are several; everything else stands by itself."""
    values = [answer for answer in answers if isinstance(answer, KpiValue)]
    if len(values) == 1:
        return [value_view(values[0], reader, note(values[0]))]
    return [values_view(values, reader)] if values else [_VIEWS[type(answer)](answer, reader) for answer in answers]


_VIEWS: Mapping[type, Callable[[Any, Reader], RenderableType]] = {
    Breakdown: breakdown_view,
    Trend: trend_view,
    Explanation: explain_view,
}
