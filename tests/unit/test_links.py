"""A link stands for one contact and one survey until it expires, and nobody else can make one."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from kpi.services.surveys.links import Link, Links, derived

KEY, OTHER, OLDER = "a key only we have, 2026", "a key of somebody else", "a key only we had, 2025"
PUBLIC = "https://kpibot.example.com"
UNTIL = datetime(2026, 10, 1, 12, tzinfo=UTC)


def token(links: Links, survey_id: int = 7, contact_id: int = 9) -> str:
    address = links.address(survey_id, contact_id, UNTIL)
    assert address is not None
    assert address.startswith(f"{PUBLIC}/s/")
    return address.removeprefix(f"{PUBLIC}/s/")


@pytest.fixture
def links() -> Links:
    return Links((KEY,), PUBLIC, 3)


def test_a_link_is_read_as_it_was_written(links: Links) -> None:
    assert links.read(token(links)) == Link(3, 7, 9, UNTIL)


@given(survey_id=st.integers(1, 2**62), contact_id=st.integers(1, 2**62), seconds=st.integers(0, 2**37))
def test_every_link_is_read_as_it_was_written(survey_id: int, contact_id: int, seconds: int) -> None:
    links, until = Links((KEY,), PUBLIC, 3), datetime.fromtimestamp(seconds, UTC)
    address = links.address(survey_id, contact_id, until)
    assert address is not None
    assert links.read(address.rpartition("/")[2]) == Link(3, survey_id, contact_id, until)


def test_a_token_survives_being_copied(links: Links) -> None:
    assert all(character.isalnum() or character in "-_" for character in token(links))
    assert len(token(links, 10**9, 10**9)) < 200


def test_two_links_to_the_same_tell_nobody_that_they_are(links: Links) -> None:
    assert token(links) != token(links)


def test_an_expired_link_is_still_read_so_that_it_can_be_told(links: Links) -> None:
    found = links.read(token(links))
    assert found is not None
    assert found.expires_at == UNTIL


def test_an_older_key_still_reads_and_the_newest_writes() -> None:
    before, after = Links((OLDER,), PUBLIC, 3), Links((KEY, OLDER), PUBLIC, 3)
    assert after.read(token(before)) == Link(3, 7, 9, UNTIL)
    assert Links((KEY,), PUBLIC, 3).read(token(after)) == Link(3, 7, 9, UNTIL)
    assert before.read(token(after)) is None


def test_a_key_that_was_taken_out_reads_no_more() -> None:
    assert Links((KEY,), PUBLIC, 3).read(token(Links((OLDER,), PUBLIC, 3))) is None


def test_a_link_of_somebody_elses_key_is_forged(links: Links) -> None:
    assert links.read(token(Links((OTHER,), PUBLIC, 3))) is None


def test_a_link_of_another_workspace_leads_nowhere(links: Links) -> None:
    assert links.read(token(Links((KEY,), PUBLIC, 4))) is None


@pytest.mark.parametrize(
    "said",
    [
        ["unsubscribe", 3, 7, 9, 1790000000],
        ["survey", 3, 7, 9],
        ["survey", 3, 7, 9, 1790000000, 1],
        {"survey": 3},
        "survey",
        None,
    ],
)
def test_what_was_signed_for_another_purpose_is_no_link(links: Links, said: object) -> None:
    sealed = Fernet(derived(KEY)).encrypt(json.dumps(said).encode().ljust(60)).decode()
    assert links.read(sealed.rstrip("=")) is None


def test_a_changed_letter_anywhere_makes_it_another(links: Links) -> None:
    good = token(links)
    for place, letter in enumerate(good[:-1]):
        other = "A" if letter != "A" else "B"
        assert links.read(good[:place] + other + good[place + 1 :]) is None


@given(st.text(max_size=400))
def test_no_garbage_is_a_link(garbage: str) -> None:
    links = Links((KEY,), PUBLIC, 3)
    assert links.read(garbage) is None
    assert links.read(token(links) + garbage) is None or not garbage


def test_without_a_key_or_an_address_there_are_no_links(links: Links) -> None:
    for lacking in (Links((), PUBLIC, 3), Links((KEY,), None, 3)):
        assert not lacking.work
        assert lacking.address(7, 9, UNTIL) is None
    assert links.work
    assert Links((), PUBLIC, 3).read(token(links)) is None
