"""Random portfolios as plain values, the files they make, and questions to ask of them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.reference import conversations, drawn
from tests.reference.cells import Row
from tests.reference.computing import CATALOG
from tests.reference.settings import Hours, Settings
from tests.reference.spans import span_of

BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
ZONES = [BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")]
OFFICE = Hours(BERLIN, {day: [(540, 1020)] for day in range(5)}, "DE", "BE", frozenset({date(2026, 9, 2)}))
NIGHT_AND_DAY = Hours(BERLIN, {day: [(0, 1440)] for day in (0, 2, 5, 6)})
WITH_A_BREAK = Hours(LONDON, {day: [(510, 720), (780, 1050)] for day in range(4)})
CALENDARS: list[Mapping[str, Hours]] = [
    {"default": OFFICE, "london": WITH_A_BREAK},
    {"default": NIGHT_AND_DAY, "london": OFFICE},
    {"london": WITH_A_BREAK},
]
DOLLARS = [
    (date(2020, 1, 1), Decimal("0.90")),
    (date(2026, 7, 1), Decimal("0.95")),
    (date(2026, 9, 30), Decimal("1.1")),
]
AS_OF_DAYS = [
    *(date(2026, 10, 15), date(2026, 10, 1), date(2026, 9, 30), date(2026, 7, 1), date(2026, 3, 29)),
    *(date(2026, 10, 25), date(2026, 12, 30), date(2026, 12, 31), date(2026, 2, 28)),
]
SEGMENTS = ["", "large", "small"]
PERIODS = [
    *("last 90 days", "2026-Q3", "this quarter", "2026", "last 12 months", "2026-09", "this month", "last 90 days"),
    *("2026-09", "2026-Q3", "2026-H1", "2026", "2026-W40", "2026-W53", "2026-09-30", "2026-09-01..2026-09-15"),
    *("2026-02", "2026-03", "2025", "2025-10", "2025-W43", "FY2026", "FY2026-Q1", "FY2027", "today"),
    *(f"{which} {unit}" for which in ("this", "last") for unit in ("week", "month", "quarter", "half", "year")),
    *("last 90 days", "last 30 days", "last 1 days", "last 12 months", "last 4 weeks", "last 2 quarters"),
    "last 2 years",
]
CLV_VARIANTS = ["survival", "formula", "historic"]
WHOLE: tuple[str, str | None] = ("workspace", None)


@dataclass(frozen=True)
class Portfolio:
    """`files`: name of the file without its ending → its rows, as they stand in it. Its facts reach beyond `as_of`."""

    settings: Settings
    as_of: datetime
    files: Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Question:
    """What `compute` takes beside the folder, the instant and the settings."""

    key: str
    period: str
    scope: tuple[str, str | None]
    variant: str | None


def write(portfolio: Portfolio, folder: Path) -> None:
    """One CSV file of each kind there are rows of, with every column any of them has."""
    for name, rows in portfolio.files.items():
        columns = {column: None for row in rows for column in row}
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns), restval="")
            writer.writeheader()
            writer.writerows(rows)


@st.composite
def settings(draw: st.DrawFn, owners: Sequence[str] = ()) -> Settings:
    """What a workspace may have decided; the first owner works by a calendar of their own."""
    return Settings(
        timezone=draw(st.sampled_from(ZONES)),
        currency="EUR",
        rates={"USD": draw(st.sampled_from([DOLLARS[:1], DOLLARS]))},
        fiscal_year_start=draw(st.sampled_from([1, 4, 10])),
        gross_margin=draw(st.sampled_from([Decimal("0.70"), Decimal("1"), Decimal("0.333")])),
        discount_rate=draw(st.sampled_from([Decimal("0.10"), Decimal("0.02")])),
        calendars=draw(st.sampled_from(CALENDARS)),
        calendar_of_owner=dict.fromkeys(owners[:1], "london"),
        targets=draw(st.sampled_from([{"response_time": 4.0}, {}])),
    )


@st.composite
def portfolios(draw: st.DrawFn, most_accounts: int = 8) -> Portfolio:
    """An agency's clients, from none at all to `most_accounts`."""
    owners = [f"owner {number}" for number in range(draw(st.integers(0, 3)))]
    decided = draw(settings(owners))
    as_of_day = draw(st.sampled_from(AS_OF_DAYS) | st.dates(date(2026, 8, 15), date(2026, 12, 31)))
    as_of = draw(drawn.instants(decided.timezone, st.just(as_of_day)))
    scene = drawn.Scene(decided.timezone, as_of_day)
    campaigns = draw(conversations.campaigns(scene))
    files: dict[str, list[Row]] = {"owners": [{"owner": owner, "name": owner.title()} for owner in owners]}
    for number in range(draw(st.integers(0, most_accounts) | st.integers(most_accounts // 2, most_accounts))):
        for name, rows in draw(_of_account(f"account {number}", scene, owners, campaigns)).items():
            files.setdefault(name, []).extend(rows)
    return Portfolio(decided, as_of, {name: rows for name, rows in files.items() if rows})


@st.composite
def _of_account(
    draw: st.DrawFn,
    account: str,
    scene: drawn.Scene,
    owners: Sequence[str],
    campaigns: Sequence[datetime],
) -> dict[str, list[Row]]:
    about = draw(conversations.interactions(account, scene, owners))
    questions = draw(conversations.surveys(account, scene, owners, about))
    return {
        "accounts": [draw(_account(account, owners))],
        "terms": draw(drawn.terms(account, scene)),
        "contacts": conversations.contacts(account),
        "revenue": draw(drawn.revenue(account, scene)),
        "offers": draw(drawn.offers(account, scene)),
        "messages": draw(drawn.messages(account, scene)),
        "usage": draw(drawn.usage(account, scene)),
        "episodes": draw(drawn.episodes(account, scene)),
        "interactions": about,
        "surveys": questions,
        "replies": draw(conversations.replies(account, questions, campaigns)),
        "feedback": draw(drawn.feedback(account, scene)),
    }


@st.composite
def _account(draw: st.DrawFn, account: str, owners: Sequence[str]) -> Row:
    return {
        "account": account,
        "name": account.title(),
        "owner": draw(st.sampled_from(["", *owners])),
        "segment": draw(st.sampled_from(SEGMENTS)),
        "currency": draw(st.sampled_from(["", "USD"])),
        "observed_from": draw(st.just("") | st.just("") | drawn.STARTS.map(drawn.cell)),
    }


@st.composite
def questions(draw: st.DrawFn, portfolio: Portfolio, key: str | None = None) -> Question:
    """Any KPI, or this one, for a period that has begun, of the workspace or a part of it that is there."""
    key = key or draw(st.sampled_from(list(CATALOG)))
    variant = draw(st.sampled_from(CLV_VARIANTS)) if key == "clv" else None
    period = draw(st.sampled_from([words for words in PERIODS if _has_begun(words, portfolio)]))
    scope = draw(st.just(WHOLE) | st.just(WHOLE) | st.sampled_from([WHOLE, *_parts(portfolio)]))
    return Question(key, period, scope, variant)


def _has_begun(words: str, portfolio: Portfolio) -> bool:
    today = portfolio.as_of.astimezone(portfolio.settings.timezone).date()
    try:
        span_of(words, today, portfolio.settings.fiscal_year_start)
    except ValueError:
        return False
    return True


def _parts(portfolio: Portfolio) -> list[tuple[str, str | None]]:
    accounts = portfolio.files.get("accounts", [])
    named = [
        *(("account", row["account"]) for row in accounts),
        *(("segment", row["segment"]) for row in accounts),
        *(("owner", row["owner"]) for row in accounts),
    ]
    return [(kind, name) for kind, name in dict.fromkeys(named) if name]
