"""Which figures count as a revision, how a change is said, and what a value rested on."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kpi.metrics.catalog import CATALOG
from kpi.periods import parse
from kpi.policy import Calendar, Calendars, Policy
from kpi.services.publishing import basis, figures
from kpi.services.publishing.late import CALLED, late
from tests.builders import policy
from tests.portfolio import AS_OF, BERLIN, definition, facts

CSAT = next(kpi for kpi in CATALOG if kpi.key == "csat")
ENGAGEMENT = next(kpi for kpi in CATALOG if kpi.key == "engagement")
SEPTEMBER = parse("2026-09", as_of=AS_OF, zone=BERLIN)


def document(**changed: Any) -> dict[str, Any]:
    usual = {"unit": "percent", "value": 80.0, "n": 10, "accounts": 5, "numerator": 8, "denominator": 10}
    rest = {"interval": {"low": 49.0, "high": 94.3}, "status": "full", "details": {"lost": []}, "exclusions": []}
    return {**usual, **rest, "target": None, "previous": None, "label": "CSAT", **changed}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": 75.04, "n": 12}, "80 → 75 %, n 10 → 12"),
        ({"value": 80.04}, "80 → 80.04 %"),
        ({"value": None, "n": 4}, "80 % → no value, n 10 → 4"),
        ({"value": -3.5, "unit": "points"}, "80 → −3.5 points"),
        ({"value": 1234567.0, "unit": "money"}, "80 → 1,234,567 EUR"),
        ({"numerator": 7}, "numerator 8 → 7"),
        ({"interval": {"low": 50.0, "high": 94.3}}, "interval 49 to 94.3 → 50 to 94.3"),
        ({"interval": None}, "interval 49 to 94.3 → no value"),
        ({"status": "indicative"}, "status full → indicative"),
        ({"details": {"lost": ["Acme", "Globex"]}}, "lost nothing → Acme and Globex"),
        ({"details": {"lost": [], "median_days": 3.0}}, "median days no value → 3"),
        ({"exclusions": ["One."]}, "exclusions nothing → One."),
    ],
    ids=str,
)
def test_what_changed_is_said_with_as_many_decimals_as_it_takes(changed: dict[str, Any], said: str) -> None:
    old, new = document(unit=changed.get("unit", "percent")), document(**changed)
    assert figures.differ(old, new)
    assert figures.told(old, new, "EUR") == said


@pytest.mark.parametrize("words", [{"target": {"value": 80.0}}, {"previous": {"value": 1.0}}, {"label": "Otherwise"}])
def test_words_the_target_and_what_it_is_compared_with_make_no_revision(words: dict[str, Any]) -> None:
    assert figures.differ(document(), document(**words)) == ()


def test_what_differs_by_the_machine_only_is_the_same() -> None:
    assert figures.differ(document(), document(value=80.00000000001)) == ()
    assert figures.differ(document(), document(value=80.001)) == ("value",)


def test_every_frame_of_a_kpi_has_a_word_people_use() -> None:
    assert {name for kpi in CATALOG for name in kpi.base.frames} == set(CALLED)
    assert list(CALLED)[-1] == "accounts", "clients speak last"


def test_rows_that_came_changed_and_went_are_counted_apart() -> None:
    def answers(*given: tuple[str, int]) -> Any:
        return facts(answers=[(1, who, "csat", score, AS_OF.replace(month=9)) for who, score in given])

    then, now = answers(("a", 1), ("b", 2), ("c", 3)), answers(("a", 1), ("b", 5), ("d", 4), ("e", 4))
    assert late(CSAT, then, now, SEPTEMBER) == (
        "2 answers of September 2026 recorded after 1 October 2026",
        "1 answer of September 2026 changed",
        "1 answer of September 2026 withdrawn since",
    )


def test_what_begins_or_ends_after_the_period_does_not_matter_to_it() -> None:
    clients = [(1, "Acme"), (2, "Globex")]
    then = facts(accounts=clients, terms=[(1, date(2026, 1, 1), None)])
    now = facts(accounts=clients, terms=[(1, date(2026, 1, 1), date(2026, 10, 2)), (2, date(2026, 10, 1), None)])
    assert late(ENGAGEMENT, then, now, SEPTEMBER) == ()
    now = facts(accounts=clients, terms=[(1, date(2026, 1, 1), date(2026, 10, 1)), (2, date(2026, 9, 30), None)])
    assert late(ENGAGEMENT, then, now, SEPTEMBER) == (
        "1 term recorded after 1 October 2026",
        "the end of 1 term became known",
    )


def test_clients_are_spoken_of_only_where_nothing_else_is_new() -> None:
    then, now = facts(), facts(accounts=[(1, "Acme")])
    assert late(ENGAGEMENT, then, now, SEPTEMBER) == ("1 client recorded after 1 October 2026",)
    now = facts(accounts=[(1, "Acme")], terms=[(1, date(2026, 1, 1), None)])
    assert late(ENGAGEMENT, then, now, SEPTEMBER) == ("1 term recorded after 1 October 2026",)


def with_calendar(*closed: date, hours: tuple[int, int] = (540, 1020)) -> Policy:
    calendar = Calendar(ZoneInfo("Europe/Berlin"), {0: (hours,)}, closed=frozenset(closed))
    return replace(policy(), calendars=Calendars({"default": calendar}))


def test_settings_have_the_same_digest_in_any_order_and_another_when_one_changes() -> None:
    days = [date(2026, 12, day) for day in range(20, 31)]
    judged = definition("csat", target=80)
    one, other = (basis.settings(with_calendar(*closed), judged) for closed in (days, reversed(days)))
    assert one == other
    longer = basis.settings(with_calendar(*days, hours=(540, 1080)), judged)
    assert {name for name in one if one[name] != longer[name]} == {"calendars"}
    aimed = basis.settings(with_calendar(*days), definition("csat", target=81))
    assert {name for name in one if one[name] != aimed[name]} == {"target"}


def test_a_value_rests_on_how_many_rows_of_each_frame_it_read_and_what_they_said() -> None:
    read = facts(answers=[(1, "a", "csat", 5, AS_OF)], accounts=[(1, "Acme")])
    found = basis.rested_on(CSAT, read, policy(), definition("csat"))
    assert {name: rows for name, (rows, _) in found["frames"].items()} == {"accounts": 1, "answers": 1}
    other = basis.frames(CSAT, facts(answers=[(1, "a", "csat", 4, AS_OF)], accounts=[(1, "Acme")]))
    assert {name for name in other if other[name] != found["frames"][name]} == {"answers"}
