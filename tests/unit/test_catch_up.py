"""What becomes of digests that fell due while nothing ran."""

from datetime import UTC, datetime, timedelta

import pytest

from kpi.services.catch_up import skipped

NOW = datetime(2026, 10, 19, 7, 0, tzinfo=UTC)
WEEKS_AGO = [NOW - timedelta(weeks=weeks, hours=1) for weeks in (3, 2, 1, 0)]
MONTH = timedelta(days=30)


def posted(fires: list[datetime], rule: str, window: timedelta = MONTH) -> list[datetime]:
    reasons = skipped(fires, NOW, rule, window)
    return [fire for fire, reason in zip(fires, reasons, strict=True) if reason is None]


def test_by_the_rule_all_every_missed_digest_is_posted_within_the_window() -> None:
    assert posted(WEEKS_AGO, "all") == WEEKS_AGO
    assert posted(WEEKS_AGO, "all", timedelta(days=10)) == WEEKS_AGO[2:]


def test_by_the_rule_latest_only_the_last_one_is() -> None:
    assert posted(WEEKS_AGO, "latest") == WEEKS_AGO[3:]


def test_by_the_rule_skip_none_is() -> None:
    assert posted(WEEKS_AGO, "skip") == []


@pytest.mark.parametrize("rule", ["skip", "latest", "all"])
def test_a_digest_at_most_five_minutes_late_is_always_posted(rule: str) -> None:
    five_minutes_ago = NOW - timedelta(minutes=5)
    assert posted([five_minutes_ago], rule, timedelta()) == [five_minutes_ago]
    assert posted([five_minutes_ago - timedelta(seconds=1)], rule, timedelta()) == []


def test_one_on_time_makes_the_missed_ones_before_it_old_news() -> None:
    assert posted([*WEEKS_AGO[:3], NOW], "latest") == [NOW]
    assert posted([*WEEKS_AGO[:3], NOW], "all") == [*WEEKS_AGO[:3], NOW]


@pytest.mark.parametrize("rule", ["latest", "all"])
def test_the_window_ends_with_its_last_instant(rule: str) -> None:
    assert posted([NOW - MONTH], rule, MONTH) == [NOW - MONTH]
    assert posted([NOW - MONTH], rule, MONTH - timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("rule", "window", "reasons"),
    [
        ("skip", MONTH, ["it fell due while nothing ran, and late digests are skipped"] * 2),
        ("all", timedelta(days=10), ["it fell due too long ago to be caught up with", None]),
        ("latest", MONTH, ["a later one had fallen due as well", None]),
    ],
)
def test_one_that_is_skipped_says_why(rule: str, window: timedelta, reasons: list[str | None]) -> None:
    assert skipped([WEEKS_AGO[0], WEEKS_AGO[3]], NOW, rule, window) == reasons


@pytest.mark.parametrize("rule", ["skip", "latest", "all"])
def test_one_too_long_ago_is_skipped_with_its_reason(rule: str) -> None:
    (reason,) = skipped([NOW - MONTH], NOW, rule, timedelta(days=1))
    assert reason
