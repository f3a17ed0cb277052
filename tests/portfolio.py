"""Facts for tests, from as few words as possible."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kpi.facts import COLUMNS, Facts, frame
from kpi.policy import KpiDefinition

BERLIN = ZoneInfo("Europe/Berlin")
AS_OF = datetime(2026, 10, 1, 12, tzinfo=UTC)


def facts(
    *,
    accounts: Iterable[tuple[Any, ...]] = (),
    terms: Iterable[tuple[int, date, date | None]] = (),
    answers: Iterable[tuple[Any, ...]] = (),
    as_of: datetime = AS_OF,
    zone: ZoneInfo = BERLIN,
    **others: Any,
) -> Facts:
    """accounts (id, name, observed_from, segment, owner, in_scope); answers (account, who, instrument, score, at).

    Of an account everything but id and name may be left out; an answer's series may follow. Other frames by name, their
    rows as in kpi.facts.COLUMNS;
    what is no frame (workspace, calendars, target) is taken as it is.
    """
    named = [_account(*each) for each in accounts]
    answered = [_answer(*each) for each in answers]
    rows = {"accounts": named, "terms": terms, "answers": answered}
    rows |= {name: others.pop(name) for name in COLUMNS if name in others}
    frames: dict[str, Any] = {name: frame(name, listed) for name, listed in rows.items()}
    return Facts(as_of, zone, **frames, **others)


def _account(number: int, name: str, *more: Any) -> tuple[Any, ...]:
    left_out: tuple[Any, ...] = (None, None, None, True)
    observed_from, segment, owner, in_scope = more + left_out[len(more) :]
    return number, name, segment, owner, owner, observed_from, in_scope


def _answer(account: int, who: str, *said: Any) -> tuple[Any, ...]:
    instrument, score, at, *series = said
    return account, None, who, None, instrument, score, at, *(series or [1])


def scored(instrument: str, scores: Sequence[int], *, per_account: int = 1, day: date = date(2026, 9, 15)) -> Facts:
    """One answer per person at noon UTC of `day`, `per_account` people in each account."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    rows = [(1 + i // per_account, f"person {i}", instrument, score, at) for i, score in enumerate(scores)]
    return facts(answers=rows)


def clients(start: int, lost: int, joined: int = 0) -> Facts:
    """Accounts running since 2020 of which the first `lost` end in September 2026, and some that join in it."""
    names = [(number, f"Client {number:03}", None) for number in range(1, start + joined + 1)]
    ends = [date(2026, 9, 10) if number <= lost else None for number in range(1, start + 1)]
    old = [(number, date(2020, 1, 1), end) for number, end in enumerate(ends, 1)]
    new = [(number, date(2026, 9, 20), None) for number in range(start + 1, start + joined + 1)]
    return facts(accounts=names, terms=[*old, *new])


def definition(key: str, *, better: str = "up", target: float | None = None, **more: Any) -> KpiDefinition:
    """How a KPI is judged, with the rest filled in."""
    words = {"label": key.upper(), "question": "How are we doing?", "unit": "percent", "formula": f"the {key} formula"}
    return KpiDefinition(key, **{**words, "better": better, "target": target, "definition_version": 1, **more})
