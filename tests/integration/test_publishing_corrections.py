"""A revision whose cause is no late fact: what was corrected, and settings that changed."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kpi.policy import Calendar, Calendars
from kpi.services.intake import Mode
from kpi.sources.csv_files import Folder
from kpi.store.store import Store
from tests.books import BY
from tests.builders import BERLIN
from tests.press import LATE, Press, two_days_later, why


@pytest.fixture
def press(tenant: Store) -> Press:
    return two_days_later(tenant)


def test_what_was_corrected_is_named_from_the_audit(press: Press) -> None:
    press.books.merge("first-0", "first-1")
    assert why(press) == (
        "accounts 5 → 4, interval 37.6 to 96.4 → 26.4 to 97.8; facts were corrected or removed since: account merge "
        "first-0 → first-1 on 3 October 2026"
    )


def test_a_row_deleted_and_another_added_with_an_earlier_date_are_told_apart(press: Press) -> None:
    press.books.delete("replies", reply="first-4")
    assert why(press) == (
        "80 % → no value, n 5 → 4; facts were corrected or removed since (answers 5 → 4): replies first-4 deleted on "
        "3 October 2026"
    )
    press.now.move(hours=1)
    press.answers("again", [5, 5], "2026-09-20")
    assert why(press) == (
        "no value → 100 %, n 4 → 6; facts dated before 3 October 2026 were added since (answers 4 → 6): replies sent "
        "in on 3 October 2026"
    )


def test_a_changed_rate_is_the_settings_when_the_facts_are_the_same(press: Press) -> None:
    press.books.accounts("acme", "globex")
    for account, currency in (("acme", "EUR"), ("globex", "USD")):
        press.books.term(account, "2020-01-01")
        for starts, ends, amount in (("2024-01-01", "2026-09-10", 100), ("2026-09-10", None, 60)):
            row = {"account": account, "starts_on": starts, "ends_on": ends, "amount": amount, "currency": currency}
            press.books.put("revenue", row if account == "globex" else {**row, "amount": 100})
    press.only_shipped("grr", cadence=("quarterly",))
    press.workspace(rates={"USD": ((date.min, Decimal("0.90")),)})
    press.publish()
    press.now.move(days=1)
    press.workspace(rates={"USD": ((date.min, Decimal("0.50")),)}, gross_margin=Decimal("0.6"))
    assert press.reasons() == {("grr", "2026-Q3"): "81.1 → 86.7 %; the settings changed (rates, gross margin)"}


def test_facts_that_change_while_settings_that_do_not_matter_change_are_the_only_reason(press: Press) -> None:
    press.workspace(gross_margin=Decimal("0.6"))
    press.answers("late", [1, 1], "2026-09-20", **LATE)
    assert why(press) == "80 → 57.1 %, n 5 → 7; 2 answers of September 2026 recorded after 1 October 2026"


def test_what_other_people_did_meanwhile_is_not_named(press: Press) -> None:
    press.books.put("owners", {"owner": "anna", "name": "Anna"})
    press.books.accounts("elsewhere")
    press.books.meet("m-1", "elsewhere", "2026-09-15T10:00:00Z")
    press.books.correct("replies", {"reply": "first-4"}, score=5)
    assert why(press) == (
        "80 → 100 %; facts were corrected or removed since: replies first-4 corrected on 3 October 2026"
    )


def test_many_corrections_are_named_by_the_first_and_how_many_more(press: Press) -> None:
    for number in range(5):
        press.books.correct("replies", {"reply": f"first-{number}"}, score=3)
    assert str(why(press)).endswith(
        "replies first-0 corrected on 3 October 2026, replies first-1 corrected on 3 October 2026, replies first-2 "
        "corrected on 3 October 2026, 2 more in the audit"
    )


def test_an_imported_file_is_named(press: Press, tmp_path: Path) -> None:
    (tmp_path / "replies.csv").write_text(
        "reply,account,instrument,score,answered_at\nr-9,first-0,csat,1,2026-09-28T10:00:00Z\n", encoding="utf-8"
    )
    press.books.intake.take(Folder(tmp_path).sheets(), Mode())
    assert why(press) == (
        "80 → 66.7 %, n 5 → 6; facts dated before 1 October 2026 were added since (answers 5 → 6): replies.csv "
        "imported on 3 October 2026"
    )


def test_a_deleted_account_is_named_and_a_handover_is_not_the_reason(press: Press) -> None:
    press.books.put("owners", {"owner": "anna", "name": "Anna"}, {"owner": "ben", "name": "Ben"})
    press.books.fix.handover("anna", "ben", BY)
    press.books.delete("accounts", account="first-4", everything=True)
    said = str(why(press))
    assert re.search(r"\(answers 5 → 4\): account \d+ deleted on 3 October 2026$", said)


def test_a_new_owner_with_another_calendar_is_named_where_waits_are_counted_by_it(press: Press) -> None:
    press.books.put("owners", {"owner": "anna", "name": "Anna"}, {"owner": "ben", "name": "Ben"})
    press.books.accounts("acme", owner="anna")
    for number in range(5):
        wait = {"account": "acme", "episode": f"e-{number}", "opened_at": "2026-09-29T06:30:00Z"}
        press.books.put("episodes", {**wait, "first_response_at": "2026-09-29T08:30:00Z"})
    press.only_shipped("response_time", cadence=("monthly",))
    early = Calendar(BERLIN, dict.fromkeys(range(5), ((480, 960),)))
    named = {**(press.policy.calendars or Calendars({})).named, "early": early}
    press.policy = replace(press.policy, calendars=Calendars(named, {"ben": "early"}))
    press.publish()
    press.now.move(hours=1)
    press.books.fix.assign("acme", "ben", BY)
    press.now.move(hours=1)
    assert press.reasons() == {("response_time", "2026-09"): (
        "1.5 → 2 h; facts were corrected or removed since: account acme given to another owner on 3 October 2026")
    }  # fmt: skip
