"""A sample has the mix and the density its README promises."""

from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import mean, median

import holidays
import pytest

from kpi.sources.sample import INTENDED, Wish, planned
from kpi.sources.sample.mix import COUNTRIES, DENSITY, EVENT_FILES, SEGMENTS
from kpi.sources.sample.portfolio import portfolio
from tests.sampled import UNTIL, Sampled, large

RANGES = {
    "churn_per_year": (8, 15),
    "revenue_growth_per_year": (3, 20),
    "response_rate": (20, 40),
    "csat": (80, 90),
    "nps": (25, 45),
    "silent_losses": (10, 30),
}


@pytest.fixture(scope="module")
def sample() -> Sampled:
    return large()


def per_day(sample: Sampled, name: str = "messages") -> Counter[date]:
    found: Counter[date] = Counter()
    for row in sample[name]:
        found[date.fromisoformat(row["day"])] += int(row["from_client"])
    return found


@pytest.mark.parametrize("key", RANGES)
def test_three_hundred_accounts_have_the_mix_the_readme_promises(sample: Sampled, key: str) -> None:
    low, high = RANGES[key]
    measured = sample.made.measured[key]
    assert measured is not None
    assert low <= measured <= high
    assert str(low) in INTENDED[key][1]
    assert str(high) in INTENDED[key][1]


def test_what_is_said_to_be_measured_is_what_the_files_hold(sample: Sampled) -> None:
    measured = sample.made.measured
    csat = [int(row["score"]) for row in sample["replies"] if row["instrument"] == "csat"]
    nps = [int(row["score"]) for row in sample["replies"] if row["instrument"] == "nps"]
    states = Counter(row["state"] for row in sample["surveys"])
    assert measured["csat"] == pytest.approx(100 * sum(score >= 4 for score in csat) / len(csat))
    net = sum(score >= 9 for score in nps) - sum(score <= 6 for score in nps)
    assert measured["nps"] == pytest.approx(100 * net / len(nps))
    assert measured["response_rate"] == pytest.approx(
        100 * states["answered"] / (states["answered"] + states["expired"])
    )
    lost = sum(bool(row["notice_on"]) and row["ends_on"] < UNTIL.isoformat() for row in sample["terms"])
    years = (measured["active_months"] or 0) * sample.made.plan.accounts / 12
    assert measured["churn_per_year"] == pytest.approx(100 * lost / years)


def test_rows_are_counted_as_they_stand_in_the_files(sample: Sampled) -> None:
    assert {name: len(sample[name]) for name in sample.made.rows} == dict(sample.made.rows)
    assert sample.made.events == sum(len(sample[name]) for name in EVENT_FILES)


def test_the_density_holds_for_a_portfolio_of_any_size(sample: Sampled) -> None:
    assert sample.made.events == pytest.approx(300 * 24 * DENSITY, rel=0.04)


@pytest.mark.parametrize("wish", [Wish(events=100_000, accounts=200), Wish(events=150_000, months=12)], ids=str)
def test_as_many_events_are_made_as_were_asked_for(wish: Wish) -> None:
    made = portfolio(planned(wish, UNTIL))
    rows: Counter[str] = Counter()
    for _, files in made:
        for file in files:
            rows.update({name: len(lines) for name, lines in file.items()})
    assert sum(rows[name] for name in EVENT_FILES) == pytest.approx(wish.events, rel=0.06)


def test_weekends_are_far_quieter_than_working_days(sample: Sampled) -> None:
    days = per_day(sample)
    working = mean(count for day, count in days.items() if day.weekday() < 5)
    resting = sum(count for day, count in days.items() if day.weekday() > 4) / (len(days) * 2 / 7)
    assert resting < 0.1 * working


def test_public_holidays_are_quiet_where_they_are_kept_and_nowhere_else(sample: Sampled) -> None:
    at_home = {row["account"]: row["timezone"] for row in sample["accounts"]}
    german = holidays.country_holidays("DE", subdiv="NW", years=[2025, 2026])
    unity = [day.isoformat() for day in german if "Oct-03" in day.strftime("%b-%d") and day.weekday() < 5]
    written: Counter[tuple[str, bool]] = Counter()
    for row in sample["messages"]:
        written[at_home[row["account"]], row["day"] in unity] += int(row["from_client"])
    ordinary = 1 / len({row["day"] for row in sample["messages"] if date.fromisoformat(row["day"]).weekday() < 5})
    assert written["Europe/Berlin", True] < 0.3 * ordinary * written["Europe/Berlin", False]
    assert written["Europe/London", True] > 0.6 * ordinary * written["Europe/London", False]


def test_august_and_the_end_of_the_year_are_quieter_than_spring_and_autumn(sample: Sampled) -> None:
    by_month: dict[int, list[int]] = {}
    for day, count in per_day(sample).items():
        if day.weekday() < 5:
            by_month.setdefault(day.month, []).append(count)
    usual = mean(mean(by_month[month]) for month in (3, 5, 10, 11))
    assert mean(by_month[8]) < 0.9 * usual
    between = [
        count for day, count in per_day(sample).items() if day.month == 12 and day.day >= 27 and day.weekday() < 5
    ]
    assert mean(between) < 0.55 * usual


def test_sizes_countries_and_languages_come_in_the_shares_of_the_mix(sample: Sampled) -> None:
    segments = Counter(row["segment"] for row in sample["accounts"])
    assert all(segments[segment.name] / 300 == pytest.approx(segment.share, abs=0.02) for segment in SEGMENTS)
    german = sum(country.share for country in COUNTRIES if country.language == "de")
    languages = Counter(row["language"] for row in sample["accounts"])
    assert languages["de"] / 300 == pytest.approx(german, abs=0.02)
    assert set(languages) == {"de", "en"}


def test_larger_clients_pay_more_and_what_they_pay_moves_both_ways(sample: Sampled) -> None:
    segment = {row["account"]: row["segment"] for row in sample["accounts"]}
    first: dict[str, list[float]] = {}
    up = down = 0
    for account, rows in sample.by_account("revenue").items():
        amounts = [float(row["amount"]) for row in rows if row["kind"] == "recurring"]
        first.setdefault(segment[account], []).append(amounts[0])
        up += sum(later > earlier for earlier, later in pairwise(amounts))
        down += sum(later < earlier for earlier, later in pairwise(amounts))
    small, middle, big = (median(first[one.name]) for one in SEGMENTS)
    assert small < 0.5 * middle < 0.25 * big
    assert up > down > 20


def test_some_accounts_join_in_every_quarter_and_some_come_back(sample: Sampled) -> None:
    terms = sample.by_account("terms")
    joined = Counter(rows[0]["starts_on"][:4] for rows in terms.values())
    assert joined["2025"] > 10
    assert joined["2026"] > 5
    back = [rows for rows in terms.values() if any(a["ends_on"] < b["starts_on"] for a, b in pairwise(rows))]
    assert back
    lengths = {int(row["ends_on"][:4]) - int(row["starts_on"][:4]) for rows in terms.values() for row in rows[:-1]}
    assert lengths == {1, 2}


def test_comments_are_written_in_the_language_of_the_contact_and_are_many(sample: Sampled) -> None:
    language = {row["contact"]: row["language"] for row in sample["contacts"]}
    comments: dict[str, set[str]] = {code: set() for code in ("en", "de")}
    for row in sample["replies"]:
        if row["comment"]:
            comments[language[row["contact"]]].add(row["comment"])
    assert all(len(found) > 150 for found in comments.values())
    assert not comments["en"] & comments["de"]
    share = sum(bool(row["comment"]) for row in sample["replies"]) / len(sample["replies"])
    assert share == pytest.approx(0.45, abs=0.05)
