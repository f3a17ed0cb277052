"""What becomes of digests that fell due while nothing ran."""

from datetime import UTC, datetime, timedelta

import pytest

from kpi.services.catch_up import ON_TIME, skipped

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
def test_a_digest_on_time_is_always_posted(rule: str) -> None:
    assert posted([NOW - ON_TIME], rule, timedelta()) == [NOW - ON_TIME]


def test_one_on_time_makes_the_missed_ones_before_it_old_news() -> None:
    assert posted([*WEEKS_AGO[:3], NOW], "latest") == [NOW]
    assert posted([*WEEKS_AGO[:3], NOW], "all") == [*WEEKS_AGO[:3], NOW]


@pytest.mark.parametrize("rule", ["skip", "latest", "all"])
def test_one_too_long_ago_is_skipped_with_its_reason(rule: str) -> None:
    (reason,) = skipped([NOW - MONTH], NOW, rule, timedelta(days=1))
    assert reason
