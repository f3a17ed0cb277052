"""The cards of every answer that is more than one value: broken down, over time, compared, explained."""

from dataclasses import replace
from datetime import date

from bot.blocks.breakdown_card import breakdown_card
from bot.blocks.compare_card import compare_card
from bot.blocks.kpi_card import Card
from bot.blocks.reader import Reader
from bot.blocks.trend_card import trend_card
from kpi.metrics.catalog import CATALOG
from kpi.metrics.course import course
from kpi.metrics.evaluate import hidden
from kpi.model import Change, Interval, KpiValue, PeriodRef, Previous, Scope, Status
from kpi.periods import shift
from kpi.services.breakdowns import COVERING, Breakdown
from kpi.services.comparisons import Comparison
from kpi.services.trends import Trend
from tests.builders import BERLIN
from tests.samples import CHURN, CSAT, EVIL, NOTHING, WITHHELD

EN, AR = Reader("en", BERLIN, "EUR"), Reader("ar", BERLIN, "EUR")
DE, FR, JA = (Reader(language, BERLIN, "EUR") for language in ("de", "fr", "ja"))
MOVES = (0, 4, -3, 2, 5, -6, 1, 3, -2, 0, 4, -1)


def segment(name: str | None, value: KpiValue) -> KpiValue:
    """The value as that of a segment, None for accounts without any."""
    return replace(value, scope=Scope("segment", name, name))


ENTERPRISE = replace(
    CSAT, value=71.4, n=14, accounts=6, interval=Interval(45.4, 88.3, "wilson"), status=Status.INDICATIVE,
    change=Change(-8.6, -38.1, 22.4, beyond_noise=False),
)  # fmt: skip
SMALL = replace(CSAT, value=93.1, n=29, accounts=12, interval=Interval(77.3, 98.1, "wilson"))
BY_SEGMENT = Breakdown(
    "csat", "Client satisfaction", Scope(), "segment",
    (
        segment("Enterprise", ENTERPRISE), segment("Mid-market", CSAT), segment(EVIL, SMALL),
        segment("Public sector", WITHHELD), segment("Old", hidden(CSAT, COVERING)), segment(None, NOTHING),
    ),
)  # fmt: skip
BY_ACCOUNT = replace(
    BY_SEGMENT, by="account",
    values=tuple(
        replace(CSAT, scope=Scope("account", f"Client number {number}", number), value=50 + number / 10)
        for number in range(300)
    ),
)  # fmt: skip
ALIKE = replace(BY_SEGMENT, values=tuple(segment(name, replace(CHURN, value=0.0)) for name in ("Small", "Large")))
NONE_SHOWN = replace(BY_SEGMENT, values=(segment("Small", WITHHELD), segment(None, NOTHING)))
ALONE = replace(BY_SEGMENT, values=(segment("Small", CSAT),))


def months(count: int) -> list[KpiValue]:
    """CSAT of so many months up to September 2026, the second without answers."""
    starts = [shift(date(2026, 9, 1), "month", -back) for back in reversed(range(count))]
    return [_month(place, start) for place, start in enumerate(starts)]


def _month(place: int, start: date) -> KpiValue:
    period = PeriodRef(f"{start:%Y-%m}", start, shift(start, "month", 1), complete=True)
    before = Previous(f"{shift(start, 'month', -1):%Y-%m}", 80.0, 40)
    if place == 1:
        return replace(NOTHING, period=period)
    met = 32 + MOVES[place % len(MOVES)]
    change = Change(2.5 * met - 80, -12.0, 16.0, beyond_noise=False)
    return replace(
        CSAT, period=period, value=2.5 * met, numerator=met, denominator=40, n=40, previous=before, change=change
    )


def over(values: list[KpiValue]) -> Trend:
    """A trend of these."""
    return Trend("csat", "Client satisfaction", tuple(values), course(CATALOG[0], values))


SECOND_QUARTER = PeriodRef("2026-Q2", date(2026, 4, 1), date(2026, 7, 1), complete=True)
EARLIER = replace(
    CSAT, period=SECOND_QUARTER, value=81.2, n=48, accounts=20, interval=Interval(67.9, 90.0, "wilson"),
    previous=None, change=None,
)  # fmt: skip
YEAR_ON_YEAR = Comparison(
    replace(CSAT, previous=Previous("2025", 75.0, 190), change=Change(9.2, 0.4, 17.0, beyond_noise=True)),
    replace(EARLIER, period=PeriodRef("2025", date(2025, 1, 1), date(2026, 1, 1), complete=True), value=75.0, n=190),
)


def answer_cards() -> dict[str, Card]:
    """By name."""
    by_segment, long, year = "by segment csat 2026-Q3", "trend csat 2026-09 24 periods", "trend csat 2026-09 12 periods"
    compared = "compare csat 2026-Q2 2026-Q3"
    return {
        "breakdown": breakdown_card(BY_SEGMENT, EN, by_segment),
        "breakdown_de": breakdown_card(BY_SEGMENT, DE, by_segment),
        "breakdown_alike": breakdown_card(ALIKE, EN, by_segment),
        "breakdown_alone": breakdown_card(ALONE, EN, by_segment),
        "breakdown_none_shown": breakdown_card(NONE_SHOWN, EN, by_segment),
        "breakdown_of_nothing": breakdown_card(replace(BY_SEGMENT, values=()), EN, by_segment),
        "trend": trend_card(over(months(12)), EN, year),
        "trend_ja": trend_card(over(months(12)), JA, year),
        "trend_few": trend_card(over(months(2)), EN, "trend csat 2026-09 2 periods"),
        "trend_long": trend_card(over(months(24)), EN, long),
        "compare": compare_card(Comparison(CSAT, EARLIER), EN, compared),
        "compare_fr": compare_card(Comparison(CSAT, EARLIER), FR, compared),
        "compare_uneven": compare_card(YEAR_ON_YEAR, EN, "compare csat 2025 2026-Q3"),
        "compare_withheld": compare_card(Comparison(WITHHELD, replace(EARLIER)), EN, compared),
    }
