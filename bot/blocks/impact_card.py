"""What a change came to: which KPIs moved by more than noise, and a table for each window."""

from bot.blocks import effects
from bot.blocks.kpi_card import Card
from bot.blocks.parts import Block, context, fitted, section, trim
from bot.blocks.reader import Reader
from bot.blocks.room import HEARD_CHARS, TABLE_ROOM, table_within
from kpi.services.impact_checks import Check, Document, Impact

_LATER = {1: "one month later", 3: "three months later"}
_NAMED = 5


def impact_card(found: Impact, reader: Reader) -> Card:
    """The change with what is news in a sentence, then both sides of every KPI, the news first."""
    verdicts = "; ".join(_verdict(check) for check in found.checks)
    said = f"*{fitted(effects.changed(found, reader), 400)}*: {verdicts}."
    checked = [_checked(check, TABLE_ROOM // len(found.checks), reader) for check in found.checks]
    every = dict.fromkeys(problem for check in found.checks for problem in check.problems)
    problems = [fitted(problem, 300) for problem in every][:_NAMED]
    heard = [f"{_heard(document, reader)}." for check in found.checks for document in _news_first(check)]
    text = " ".join([said, effects.CAVEAT, *heard])
    return {"text": trim(text, HEARD_CHARS), "blocks": [section(said), *checked, context(*problems, effects.CAVEAT)]}


def _verdict(check: Check) -> str:
    """How it stood after so long: `one month later more than noise in Client churn`."""
    later = f"{_LATER[check.window.months]}{'' if check.window.complete else ' (so far)'}"
    news = [fitted(document["label"], 60) for document in check.kpis if effects.is_news(document)]
    more = f" and {len(news) - _NAMED} more" if len(news) > _NAMED else ""
    if news:
        return f"{later} more than noise in {', '.join(news[:_NAMED])}{more}"
    compared = any(document["change"] is not None for document in check.kpis)
    return f"{later} all within noise" if compared else f"{later} nothing to compare"


def _news_first(check: Check) -> list[Document]:
    return sorted(check.kpis, key=lambda document: not effects.is_news(document))


def _checked(check: Check, room: int, reader: Reader) -> Block:
    heading = effects.looked_at(check, reader)
    rows = [_cells(document, reader) for document in _news_first(check)]
    columns = (*effects.COLUMNS[:3], f"Change ({effects.COLUMNS[4]})", effects.COLUMNS[5])
    return table_within(room, heading, columns, rows) if rows else section(f"*{heading}*")


def _cells(document: Document, reader: Reader) -> tuple[str, ...]:
    label, before, after, change, interval, verdict = effects.cells(document, reader)
    return label, before, after, f"{change} ({interval})" if interval else change, verdict


def _heard(document: Document, reader: Reader) -> str:
    label, before, after, change, interval, verdict = effects.cells(document, reader)
    moved = f", change {change}" if change else ""
    lies = f", {effects.COLUMNS[4]} {interval}" if interval else ""
    return fitted(f"{label}: before {before}, after {after}{moved}{lies}, {verdict}".rstrip("."), 400)
