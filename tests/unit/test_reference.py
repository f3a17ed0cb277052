"""The second opinion on a portfolio so small that every figure was worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.reference import CATALOG, Hours, MissingRate, Settings, compute

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(BERLIN, {weekday: [(9 * 60, 17 * 60)] for weekday in range(5)})
SETTINGS = Settings(BERLIN, "EUR", {"USD": [(date.min, Decimal("0.90"))]}, calendars={"default": OFFICE})
AS_OF = datetime(2026, 10, 15, 12, tzinfo=UTC)

FILES = {
    "accounts": """
        account,name,observed_from
        acme,Acme,
        beta,Beta,
        corvo,Corvo,2026-01-01""",
    "terms": """
        account,starts_on,ends_on
        acme,2025-01-01,
        beta,2025-01-01,2026-09-16
        corvo,2026-01-01,""",
    "revenue": """
        account,starts_on,ends_on,amount,currency
        acme,2025-01-01,2026-09-15,1000.00,
        acme,2026-09-15,,1500.00,
        beta,2025-01-01,,500.00,
        corvo,2026-01-01,,300.00,USD""",
    "offers": """
        offer,account,kind,offered_on,decided_on,outcome
        o1,acme,upsell,2026-08-01,2026-09-10,won
        o2,corvo,cross-sell,2026-08-01,2026-09-30,lost
        o3,corvo,renewal,2026-08-01,2026-09-30,won""",
    "messages": """
        account,day,from_client,from_us
        corvo,2026-09-03,1,3
        acme,2026-09-05,0,1""",
    "episodes": """
        episode,account,opened_at,first_response_at
        e1,acme,2026-09-01T10:00,2026-09-01T11:00
        e2,acme,2026-09-01T10:00,2026-09-01T12:00
        e3,acme,2026-09-01T10:00,2026-09-01T13:00
        e4,acme,2026-09-01T10:00,2026-09-02T10:00
        e5,corvo,2026-09-04T16:00,2026-09-07T09:30""",
    "interactions": """
        interaction,account,kind,occurred_at
        i1,acme,meeting,2026-09-02T10:00:00+02:00
        i2,acme,call,2026-09-10T10:00:00+02:00""",
    "surveys": """
        survey,account,instrument,posted_at,expires_at,state
        s1,acme,csat,2026-09-01T10:00,,answered
        s2,acme,csat,2026-09-01T10:00,,answered
        s3,corvo,csat,2026-09-01T10:00,,answered
        s4,corvo,csat,2026-09-01T10:00,,answered
        s5,corvo,csat,2026-09-01T10:00,2026-09-08T10:00,expired
        s6,corvo,csat,2026-09-01T10:00,,posted""",
    "replies": """
        reply,survey,account,contact,instrument,score,answered_at
        r1,,acme,,csat,5,2026-09-30T10:00
        r2,,acme,,csat,4,2026-09-30T10:00
        r3,s1,,ann,,2,2026-09-30T10:00
        r4,s1,,ann,,4,2026-10-02T10:00
        r5,,corvo,,csat,1,2026-09-30T10:00
        r6,,corvo,,csat,5,2026-09-30T10:00
        n1,,acme,bob,nps,0,2026-09-30T09:00
        n2,,acme,bob,nps,10,2026-09-30T10:00
        n3,,acme,,nps,9,2026-09-30T10:00
        n4,,corvo,,nps,7,2026-09-30T10:00
        n5,,corvo,,nps,6,2026-09-30T10:00
        n6,,corvo,,nps,9,2026-09-30T10:00
        c1,,acme,,ces,7,2026-09-30T10:00
        c2,,acme,,ces,6,2026-09-30T10:00
        c3,,acme,,ces,5,2026-09-30T10:00
        c4,,corvo,,ces,4,2026-09-30T10:00
        c5,,corvo,,ces,1,2026-09-30T10:00""",
    "feedback": """
        feedback,account,text,actionable,received_at,implemented_at,declined_at
        f1,acme,,yes,2026-09-01T10:00,2026-09-11T10:00,
        f2,acme,,yes,2026-09-01T10:00,,
        f3,acme,,no,2026-09-01T10:00,,""",
}

ACME_IN_SEPTEMBER = 1000 * 14 / 30 + 1500 * 16 / 30
MARGIN_SO_FAR = 0.7 * (20_000 + ACME_IN_SEPTEMBER + 9 * 270)
# Beta was lost in its 21st month, the last of anybody's: corvo, 8 months old, has 12 to come, acme none.
CORVO_TO_COME = 0.7 * 270 * sum(1.1 ** (-k / 12) for k in range(1, 13))
# Acme answers 9 times on the last day, met us 28 days before and called 20; corvo answers 7 times and wrote 27 before.
ACME, CORVO = 9 * 5 + 10 * 0.5 ** (28 / 30) + 5 * 0.5 ** (20 / 30), 7 * 5 + 0.5 ** (27 / 30)
EXPECTED = {
    "csat": 80,
    "nps": 40,
    "ces": 60,
    "survey_response_rate": 80,
    "churn": 100 / 3,
    "retention": 200 / 3,
    "grr": 100 * 1270 / 1770,
    "revenue_churn": 100 * 500 / 1770,
    "nrr": 100,
    "clv": (MARGIN_SO_FAR + CORVO_TO_COME) / 2,
    "upsell_ratio": 100 / 3,
    "upsell_success": 50,
    "response_time": 2,
    "engagement": 50,
    "engagement_score": (100 + 100 * CORVO / (CORVO + 0.9 * (ACME - CORVO))) / 2,
    "feedback_implementation": 50,
    "sales_growth": 100 * (ACME_IN_SEPTEMBER + 250 - 1500) / 1770,
    "communication_frequency": 30 * 3 / 75,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("key", CATALOG)
def test_it_finds_what_was_worked_out_by_hand(folder: Path, key: str) -> None:
    found = compute(folder, key, period="2026-09", as_of=AS_OF, settings=SETTINGS)
    assert found["value"] == pytest.approx(EXPECTED[key], rel=1e-12)


@pytest.mark.parametrize(("variant", "expected"), [("historic", MARGIN_SO_FAR / 2), ("formula", 0.7 * 885 * 33)])
def test_it_finds_what_a_client_is_worth_in_other_ways(folder: Path, variant: str, expected: float) -> None:
    found = compute(folder, "clv", period="2026-09", as_of=AS_OF, settings=SETTINGS, variant=variant)
    assert found["value"] == pytest.approx(expected, rel=1e-12)


def test_it_misses_a_rate(folder: Path) -> None:
    with pytest.raises(MissingRate, match="USD"):
        compute(folder, "grr", period="2026-09", as_of=AS_OF, settings=Settings(BERLIN, "EUR"))
