"""What the programmes would have asked, in words: for a card and for a terminal. Not escaped."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.blocks.reader import Reader
from kpi.services.surveys.rehearsal import Rehearsed
from kpi.services.surveys.simulating import Tally, tallies
from kpi.services.surveys.words import SUPPRESSED

COLUMNS = ("Asked", "Held back", "Mostly because")
BY = ("programme", "account", "contact")
_NAMELESS = {"programme": "no programme", "account": "no account", "contact": "whoever reads the channel"}


def sentence(found: Rehearsed, reader: Reader) -> str:
    """The whole in one sentence."""
    held = len(found.outcomes) - found.asked
    days = (found.end - found.start).days
    came = f"{reader.number(found.interactions)} interactions of the last {reader.number(days)} days"
    return f"From {came}, {reader.number(found.asked)} questions would be asked and {reader.number(held)} held back."


def rows(found: Rehearsed, by: str, reader: Reader) -> Iterator[tuple[str, str, str, str]]:
    """A line for each programme, account or contact: name, asked, held back, and the commonest reasons."""
    for tally in tallies(found.outcomes, by):
        held = reader.number(sum(tally.suppressed.values()))
        yield tally.name or _NAMELESS[by], reader.number(tally.asked), held, _mostly(tally, reader)


def reasons(found: Rehearsed, reader: Reader) -> Iterator[str]:
    """Every reason for which something would be held back, the commonest first."""
    for reason, count in Counter(each.reason for each in found.outcomes if each.reason).most_common():
        yield f"{reader.number(count)} because {SUPPRESSED.get(reason, reason)}"


def document(found: Rehearsed) -> dict[str, Any]:
    """The same for programs."""
    lines = {by: [_told(tally) for tally in tallies(found.outcomes, by)] for by in BY}
    spans = {"start": found.start.isoformat(), "end": found.end.isoformat()}
    return {**spans, "interactions": found.interactions, "asked": found.asked, **lines}


def _told(tally: Tally) -> dict[str, Any]:
    return {"name": tally.name, "asked": tally.asked, "suppressed": dict(tally.suppressed)}


def _mostly(tally: Tally, reader: Reader) -> str:
    """The commonest two: a tally has them in that order."""
    found = list(tally.suppressed.items())[:2]
    return "; ".join(f"{reader.number(count)} {SUPPRESSED.get(reason, reason)}" for reason, count in found)
