"""A KPI's own details in people's words."""

from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.details import told, words
from bot.blocks.reader import Reader
from tests.builders import BERLIN
from tests.examples import known
from tests.kpi_cards import agency, shipped, values
from tests.samples import CSAT

EUROS = Reader("en", BERLIN, "EUR")


def said(key: str = "csat", **details: Any) -> dict[str, str]:
    return dict(told(replace(CSAT, key=key, details=details), EUROS))


def test_shares_read_as_percent_and_money_as_money() -> None:
    assert said(within_90_days=61.5, top5_share=0.0) == {
        "Done within 90 days": "61.5%",
        "Share of the five largest": "0%",
    }
    assert said("nrr", start=19250.0, expansion=12.5) == {
        "Monthly revenue at the start": "€19,250",
        "More from clients who stayed": "€12.50",
    }


def test_the_same_name_means_clients_of_one_kpi_and_money_of_another() -> None:
    assert said("churn", reactivated=2) == {"Won back": "2"}
    assert said("nrr", reactivated=2000.0) == {"From clients won back": "€2,000"}


@pytest.mark.parametrize(
    ("name", "found", "label", "read"),
    [
        ("oldest_open_days", 12.0, "Oldest open days", "12 days"),
        ("renewal_share", 40.0, "Renewal share", "40%"),
        ("longest_hours", 3.5, "Longest hours", "3.5 h"),
        ("streak", 4, "Streak", "4"),
        ("worst_team", "night_shift", "Worst team", "night shift"),
        ("gone", ["Acme", "Birch"], "Gone", "Acme, Birch"),
    ],
)
def test_a_detail_nobody_named_goes_by_its_own_words(name: str, found: Any, label: str, read: str) -> None:
    assert said(**{name: found}) == {label: read}


def test_what_is_nothing_is_not_told_and_what_only_programs_ask_for_neither() -> None:
    assert said(lost=[], early_losses=0, median_days=None, alpha=0.4, beta=3.1) == {}


def test_no_detail_of_any_kpi_is_told_in_our_own_spelling() -> None:
    for value in values(known(agency(), shipped())):
        assert not [name for name, read in told(value, EUROS) if "_" in name + read], value.key


def test_a_name_of_ours_becomes_words() -> None:
    assert words("at_the_start") == "At the start"
