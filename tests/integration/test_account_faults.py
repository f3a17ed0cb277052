"""Whatever cannot be saved is said at its field, all of it at once, and changes nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from kpi.model import Person
from kpi.store import tables
from kpi.store.intake import lock
from kpi.store.store import Store
from tests.agency import ACME, ANNA, HOME, Agency
from tests.stage import Stage, listening

NEW: dict[str, Any] = {"name": "Initech Ltd", "starts_on": "2024-03-01"}
ROBOT, GONE = Person("U0BOT2", ACME, "Bot", is_bot=True), Person("U0GONE", ACME, "Gerd", is_deleted=True)


@pytest.fixture
def stage(tenant: Store) -> Iterator[Stage]:
    with listening() as ears:
        agency = Agency(tenant)
        agency.directory.people |= {one.user_id: one for one in (ROBOT, GONE, Person("U0BEN", HOME, "Ben Brandt"))}
        yield Stage(agency, ears)


def refused(stage: Stage, channel_id: str = "C0NEW", **values: Any) -> dict[str, str]:
    """What is said below the fields; nothing was written."""
    before = [stage.agency.count(table) for table in TABLES]
    stage.command("account", ANNA, channel_id)
    ack = stage.submit(stage.windows[-1], ANNA, **values)
    assert ack["response_action"] == "errors", ack
    assert [stage.agency.count(table) for table in TABLES] == before
    return dict(ack["errors"])


TABLES = (tables.account, tables.account_term, tables.revenue, tables.contact, tables.owner, tables.audit,
          tables.delivery)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("name", {"name": ""}, "Please give it a name."),
        ("name", {"name": "x" * 3001}, "at most 255 characters"),
        ("name", {"name": "Two\nlines"}, "at most 255 characters"),
        ("name", {"name": "\ud83d half"}, "at most 255 characters"),
        ("name", {"name": "aCME gMBH"}, "There is an account “Acme GmbH” already"),
        ("channel", {"channel": "C0ACME"}, "That channel belongs to Acme GmbH"),
        ("channel", {"channel": "D0ANNA"}, "expected a Slack channel id"),
        ("owner", {"owner": "999999"}, "choose one of the owners"),
        ("owner", {"owner": "anna; drop"}, "choose one of the owners"),
        ("segment", {"segment": "a\tb"}, "at most 255 characters"),
        ("language", {"language": "Klingon!"}, "expected a language"),
        ("zone", {"zone": "Europe/Atlantis"}, "expected an IANA zone"),
        ("starts_on", {"starts_on": "01.03.2024"}, "expected a day like 2026-09-30"),
        ("starts_on", {"starts_on": "2026-02-30"}, "not in the calendar"),
        ("starts_on", {"starts_on": "1066-10-14"}, "expected a year from 1970"),
        ("starts_on", {"starts_on": "", "ends_on": "2026-01-01"}, "Please give the first day of service."),
        ("ends_on", {"ends_on": "2024-03-01"}, "must come after the start"),
        ("ends_on", {"ends_on": "2023-01-01"}, "must come after the start"),
        ("notice_on", {"notice_on": "2023-01-01", "ends_on": "2026-01-01"}, "cannot come before the start"),
        ("notice_on", {"notice_on": "2026-02-01", "ends_on": "2026-01-01"}, "cannot come after the end"),
        ("reason", {"reason": "they moved"}, "no notice and no end"),
        ("reason", {"reason": "x" * 3001, "ends_on": "2026-01-01"}, "at most 3,000 characters"),
        ("amount", {"amount": "a lot", "amount_from": "2024-03-01"}, "expected an amount like 1250.00"),
        ("amount", {"amount": "4.500", "amount_from": "2024-03-01"}, "may mean thousands; expected 4500"),
        ("amount", {"amount": "4,500", "amount_from": "2024-03-01"}, "no separator of thousands"),
        ("amount", {"amount": "-5", "amount_from": "2024-03-01"}, "expected an amount"),
        ("amount", {"amount": "5 XXY", "amount_from": "2024-03-01"}, "ISO 4217"),
        ("amount", {"amount": "5.5 JPY", "amount_from": "2024-03-01"}, "more decimals than JPY has"),
        ("amount", {"amount_from": "2024-03-01"}, "how much it is"),
        ("amount_from", {"amount": "4500"}, "from which day"),
        ("amount_from", {"amount": "4500", "amount_from": "soon"}, "expected a day"),
        ("contacts", {"contacts": ["U0ANNA"]}, "Anna Arendt looks after accounts"),
        ("contacts", {"contacts": ["U0BOT2"]}, "no person who could be asked"),
        ("contacts", {"contacts": ["U0GONE"]}, "no person who could be asked"),
        ("contacts", {"contacts": ["U0NOBODY"]}, "Slack did not tell who U0NOBODY is"),
    ],
)
def test_a_fault_stands_below_its_field(stage: Stage, field: str, values: dict[str, Any], words: str) -> None:
    found = refused(stage, **{**NEW, **values})
    assert set(found) == {field}
    assert words in found[field]


def test_all_faults_are_told_at_once(stage: Stage) -> None:
    wrong = {"name": "", "zone": "Mars", "ends_on": "2020-01-01", "amount": "much", "contacts": ["U0ANNA"]}
    assert set(refused(stage, **{**NEW, **wrong})) == {"name", "zone", "ends_on", "amount", "contacts"}


def test_an_amount_beside_another_of_that_day_is_not_guessed_about(stage: Stage) -> None:
    paid = {"account_id": stage.agency.acme, "kind": "recurring", "amount_minor": 100, "starts_on": "2026-01-01"}
    stage.agency.row(tables.revenue, **paid, currency="USD")
    found = refused(stage, "C0ACME", amount="5 EUR", amount_from="2026-01-01")
    assert found == {"amount_from": "1.00 USD begin that day already; change them where they come from, or choose "
                                    "another day."}  # fmt: skip


def test_while_files_are_imported_a_form_is_asked_to_wait_and_nothing_is_written(stage: Stage) -> None:
    stage.command("account", ANNA, "C0NEW")
    with stage.agency.store.transaction() as tx:
        lock(tx, 1)
        ack = stage.submit(stage.windows[-1], ANNA, **NEW)
    assert "being imported just now" in str(ack["errors"])
    assert stage.submit(stage.windows[-1], ANNA, **NEW)["response_action"] == "update"
