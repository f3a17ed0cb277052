"""Facts for tests, from as few words as possible."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kpi.facts import Facts, frame
from kpi.policy import KpiDefinition

BERLIN = ZoneInfo("Europe/Berlin")
AS_OF = datetime(2026, 10, 1, 12, tzinfo=UTC)


def facts(
    *,
    accounts: Iterable[tuple[int, str, date | None]] = (),
    terms: Iterable[tuple[int, date, date | None]] = (),
    answers: Iterable[tuple[Any, ...]] = (),
    as_of: datetime = AS_OF,
    zone: ZoneInfo = BERLIN,
) -> Facts:
    """accounts (id, name, observed_from); terms; answers (account, respondent, instrument, score, answered_at)."""
    answered = [(account, who, None, *rest) for account, who, *rest in answers]
    named = [(number, name, None, None, observed) for number, name, observed in accounts]
    return Facts(as_of, zone, frame("accounts", named), frame("terms", terms), frame("answers", answered))


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
