"""Values of one small agency, and digests of them: what cards and views are tried with."""

from dataclasses import replace
from datetime import UTC, date, datetime

from kpi.model import Change, Instrument, Interval, KpiValue, PeriodRef, Previous, Scope, Status, Target
from kpi.services.digest_content import Digest, Figure
from kpi.services.surveys.rates import Rate
from kpi.services.surveys.words import Comment, Counts

NOW = datetime(2026, 10, 5, 7, 2, tzinfo=UTC)
THIRD_QUARTER = PeriodRef("2026-Q3", date(2026, 7, 1), date(2026, 10, 1), complete=True)
WEEK_40 = PeriodRef("2026-W40", date(2026, 9, 28), date(2026, 10, 5), complete=True)
NINETY_DAYS = PeriodRef("last 90 days", date(2026, 7, 8), date(2026, 10, 6), complete=False)
YEAR = PeriodRef("last 12 months", date(2025, 10, 1), date(2026, 10, 1), complete=True)
EVIL = "<!channel> & <https://evil.example|Acme> *bold*"

CSAT = KpiValue(
    key="csat",
    label="Client satisfaction",
    unit="percent",
    period=THIRD_QUARTER,
    scope=Scope(),
    value=84.2,
    n=57,
    accounts=23,
    numerator=48,
    denominator=57,
    interval=Interval(72.6, 91.5, "wilson"),
    status=Status.FULL,
    reason=None,
    previous=Previous("2026-Q2", 81.2, 48),
    change=Change(3.0, -11.3, 17.6, beyond_noise=False),
    target=Target(80, met=True),
    formula="100 · answers of 4 or 5 / all answers (scale 1–5)",
    definition_version=1,
    as_of=NOW,
    counts=("answer", "answers"),
)
WITHHELD = replace(
    CSAT, value=None, n=3, accounts=2, numerator=None, denominator=None, interval=None, status=Status.INSUFFICIENT,
    reason="Only 3 answers; at least 5 are needed, so that small groups stay private.",
    previous=Previous("2026-Q2", None, 48), change=None, target=Target(80, met=None),
)  # fmt: skip
NOTHING = replace(
    WITHHELD,
    n=0,
    accounts=0,
    status=Status.UNDEFINED,
    reason="No CSAT answers in this period.",
    previous=None,
    target=None,
)
NPS = replace(
    CSAT, key="nps", counts=("person", "people"), label="Net promoter score", unit="points", period=NINETY_DAYS,
    value=-12.5, n=16, accounts=9,
    scope=Scope("account", "Acme GmbH", 1), interval=Interval(-52.1, 29.4, "adjusted_wald"), status=Status.INDICATIVE,
    previous=Previous("2026-04-09..2026-07-07", 31.3, 16), change=Change(-43.8, -80.2, -2.4, beyond_noise=True),
    target=None,
    details={"promoters": 5, "passives": 4, "detractors": 7, "account_weighted": -10.2},
    exclusions=("2 earlier answers of people who answered again in this period",),
    formula="100 · (promoters 9–10 − detractors 0–6) / respondents, the latest answer of each",
)  # fmt: skip
CHURN = replace(
    CSAT, key="churn", counts=("client at the start", "clients at the start"), label="Client churn", period=YEAR,
    value=6.7, n=120, accounts=120, numerator=8, denominator=120,
    interval=Interval(3.4, 12.6, "wilson"), previous=Previous("2024-10-01..2025-09-30", 6.7, 105),
    change=Change(0.0, -6.5, 6.9, beyond_noise=False), target=Target(5, met=False),
    details={"lost": [EVIL, *(f"Client {number}" for number in range(7))], "early_losses": 1, "reactivated": 0},
    formula="100 · accounts active at the start and not at the end / accounts active at the start",
)  # fmt: skip
OPEN = replace(
    CSAT, period=replace(THIRD_QUARTER, key="2026-Q4", start=date(2026, 10, 1), end=date(2027, 1, 1), complete=False),
    previous=Previous("2026-07-01..2026-07-05", None, 2), change=None, scope=Scope("owner", EVIL, 4), n=1, accounts=1,
)  # fmt: skip
WEEK = replace(
    CSAT, period=WEEK_40, value=81.8, n=11, accounts=7, numerator=9, denominator=11,
    interval=Interval(47.1, 95.7, "wilson"), status=Status.INDICATIVE,
    previous=Previous("2026-W39", 75.0, 8), change=Change(6.8, -28.1, 42.0, beyond_noise=False),
)  # fmt: skip
WEEK_WITHHELD = replace(WITHHELD, period=WEEK_40, previous=Previous("2026-W39", None, 8))
TO_SUNDAY = replace(NINETY_DAYS, start=date(2026, 7, 7), end=date(2026, 10, 5))
CSAT_TO_SUNDAY = replace(CSAT, period=TO_SUNDAY, previous=Previous("2026-04-08..2026-07-06", 81.2, 48))
NPS_TO_SUNDAY = replace(NPS, period=TO_SUNDAY, previous=Previous("2026-04-08..2026-07-06", 31.3, 16))
NPS_WEEK = replace(
    NPS, period=WEEK_40, value=None, n=1, accounts=1, interval=None, status=Status.INSUFFICIENT, change=None,
    details={}, reason="Only 1 answer; at least 5 are needed, so that small groups stay private.",
    previous=Previous("2026-W39", None, 3),
)  # fmt: skip
CHURN_WEEK = replace(
    CHURN, period=WEEK_40, value=0.9, n=115, accounts=115, numerator=1, denominator=115,
    interval=Interval(0.2, 4.8, "wilson"), previous=Previous("2026-W39", 0.0, 114),
    change=Change(0.9, -2.4, 4.8, beyond_noise=False), details={},
)  # fmt: skip
DIGEST = Digest(
    cadence="weekly",
    period=WEEK_40,
    figures=(Figure(WEEK, CSAT_TO_SUNDAY), Figure(NPS_WEEK, NPS_TO_SUNDAY), Figure(CHURN_WEEK, CHURN)),
    problems=(),
    surveys=Counts(
        *(12, 7, 1, 2, 2),
        {"the contact asked not to be surveyed": 1, "they would be asked twice": 3, "no channel": 1, "reopened": 1},
        2,
        Rate(41.7, 12, Interval(19.3, 68.0, "wilson")),
    ),
    comments=(
        Comment("Acme GmbH", Instrument.CSAT, 2, "Too many\nhand-overs & <!channel>", NOW),
        Comment(EVIL, Instrument.CSAT, 5, "Great work", NOW),
    ),
    scheduled_at=datetime(2026, 10, 5, 7, 0, tzinfo=UTC),
    composed_at=NOW,
)
LATE = replace(DIGEST, figures=(Figure(WEEK_WITHHELD, replace(WITHHELD, period=TO_SUNDAY, n=4)),),
               problems=("Client lifetime value: There is no rate for CHF.",), comments=(),
               composed_at=datetime(2026, 10, 5, 9, 42, tzinfo=UTC), surveys=Counts(0, 0, 0, 0, 0, {}))  # fmt: skip
