"""Who is who is remembered; Slack is asked within bounds, so that a listener never holds up its ack."""

from dataclasses import dataclass

import pytest

from kpi.model import Person
from kpi.services.people import People
from kpi.store.store import Store
from tests.agency import ACME, ANNA, HOME, Agency
from tests.fakes import FakeDirectory, FakeNow

USERS = tuple(f"U{number:02}" for number in range(30))


@dataclass
class SlowDirectory(FakeDirectory):
    """Takes its time for every answer."""

    now: FakeNow | None = None
    seconds: float = 0.4

    def person(self, user_id: str) -> Person | None:
        if self.now:
            self.now.move(seconds=self.seconds)
        return super().person(user_id)


@pytest.fixture
def agency(tenant: Store) -> Agency:
    agency = Agency(tenant)
    agency.directory.people |= {user: Person(user, ACME, f"Person {user}") for user in USERS}
    agency.directory.rooms["C0ACME"] = USERS
    return agency


def test_what_was_learnt_is_not_asked_again_however_old(agency: Agency) -> None:
    assert set(agency.people.acquainted(USERS, 100)) == set(USERS)
    agency.directory.asked.clear()
    agency.now.move(days=400)
    assert agency.people.acquainted(USERS, 100)["U07"].name == "Person U07"
    assert agency.directory.asked == []


def test_no_more_are_asked_for_than_wanted_and_the_rest_the_next_time(agency: Agency) -> None:
    assert len(agency.people.acquainted(USERS, 10)) == 10
    assert len(agency.people.acquainted(USERS, 10)) == 20
    assert len(agency.people.acquainted([*USERS, *USERS, "U0NOBODY"], 100)) == 30


def test_nobody_is_asked_for_once_the_time_is_over(agency: Agency) -> None:
    slow = SlowDirectory(agency.directory.people, rooms=agency.directory.rooms, now=agency.now)
    people = People(agency.store, slow, agency.now, lambda: HOME)
    until = agency.now()
    assert people.acquainted(USERS, 10, until) == {}
    agency.directory = slow
    groups = agency.accounts.people_like(ANNA, (None, "C0ACME"), "")
    assert [len(group.people) for group in groups] == [3]
    assert len(slow.asked) == 5


def test_who_is_in_a_channel_is_remembered_for_a_minute(agency: Agency) -> None:
    people = agency.people
    assert people.in_channel("C0ACME") == USERS
    agency.directory.rooms["C0ACME"] = USERS[:2]
    assert people.in_channel("C0ACME") == USERS
    assert people.in_channel("C0ACME", now=True) == USERS[:2]
    agency.directory.rooms["C0ACME"] = USERS[:1]
    agency.now.move(seconds=61)
    assert people.in_channel("C0ACME") == USERS[:1]
    assert agency.directory.asked.count("C0ACME") == 3


def test_a_channel_slack_is_silent_about_is_asked_for_again(agency: Agency) -> None:
    people = agency.people
    assert people.in_channel("C0SILENT") is None
    agency.directory.rooms["C0SILENT"] = USERS[:1]
    assert people.in_channel("C0SILENT") == USERS[:1]


@pytest.mark.parametrize(
    ("person", "external"),
    [
        (Person("U1", HOME), False),
        (Person("U1", HOME, is_guest=True), True),
        (Person("U1", ACME), True),
        (Person("U1", ACME, is_guest=True), True),
    ],
)
def test_guests_and_other_organisations_are_from_outside(agency: Agency, person: Person, external: bool) -> None:
    assert agency.people.is_external(person) is external
