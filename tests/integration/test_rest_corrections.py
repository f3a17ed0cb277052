"""Programs put right what they, or others, sent."""

from typing import Any

import pytest

from kpi.store import tables
from kpi.store.store import Store
from tests.books import Books
from tests.rest import Program


@pytest.fixture
def program(tenant: Store) -> Program:
    program = Program(tenant)
    books = Books(tenant, program.agency.now)
    books.put("owners", {"owner": "ben", "name": "Ben"})
    books.term("acme", "2024-03-01", "2026-03-01")
    return program


def fix(program: Program, method: str, path: str, body: Any = None, **params: str) -> tuple[int, dict[str, Any]]:
    more = {} if body is None else {"json": body}
    answer = program.send(method, path, params=params, **more)
    return answer.status_code, answer.json()


def test_a_row_named_by_its_key_in_the_address_is_corrected(program: Program) -> None:
    told = fix(program, "PATCH", "terms", {"starts_on": "2024-02-01"}, account="acme", starts_on="2024-03-01")
    assert told == (200, {"done": "Corrected in terms: account=acme starts_on=2024-03-01; starts_on.",
                          "dry_run": False, "rows": {"terms": 1}})  # fmt: skip
    assert str(program.agency.only(tables.account_term)["starts_on"]) == "2024-02-01"
    assert program.agency.rows(tables.audit)[-1]["actor"] == "api:crm"


def test_a_row_named_by_its_key_in_the_address_is_deleted(program: Program) -> None:
    status, told = fix(program, "DELETE", "terms", account="acme", starts_on="2024-03-01")
    assert (status, told["rows"]) == (200, {"terms": 1})
    assert program.agency.count(tables.account_term) == 0
    assert fix(program, "DELETE", "terms", account="acme", starts_on="2024-03-01")[0] == 404


def test_an_account_is_deleted_with_everything_only_when_that_is_said(program: Program) -> None:
    status, told = fix(program, "DELETE", "accounts", account="acme")
    assert (status, "so it is not deleted by itself" in told["error"]) == (409, True)
    assert fix(program, "DELETE", "accounts", account="acme", with_everything="true")[1]["rows"] == {
        "accounts": 1, "contracts": 1, "contacts": 1}  # fmt: skip


def test_a_dry_run_changes_nothing(program: Program) -> None:
    status, told = fix(program, "DELETE", "accounts", account="acme", with_everything="yes", dry_run="true")
    assert (status, told["dry_run"]) == (200, True)
    assert program.agency.count(tables.account) == 3


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("accounts/quiet/merge", {"into": "globex"}, "“quiet” is now part of “globex” (Globex Ltd), and means it."),
        ("accounts/acme/assign", {"owner": "ben"}, "Acme GmbH is looked after by Ben from now on."),
        ("accounts/acme/assign", {"owner": None}, "Acme GmbH is looked after by nobody from now on."),
        ("owners/anna/handover", {"to": "ben"}, "Ben takes over from Anna Arendt: 1 account."),
        ("owners/anna/handover", {"to": "ben", "people": True}, "Ben takes over from Anna Arendt: 1 account."),
        ("contacts/carla/move", {"account": "globex"}, "Carla Client belongs to Globex Ltd from now on."),
    ],
)
def test_what_belongs_to_others_is_joined_handed_over_and_moved(
    program: Program, path: str, body: dict[str, Any], said: str
) -> None:
    status, told = fix(program, "POST", path, body)
    assert (status, told["done"]) == (200, said)


def test_a_merged_accounts_key_means_the_other_for_programs(program: Program) -> None:
    fix(program, "POST", "accounts/quiet/merge", {"into": "acme"})
    assert program.post(account="quiet", contact="carla").status_code == 201
    answer = program.put("messages", {"account": "quiet", "day": "2026-09-01", "from_client": 1, "from_us": 2})
    assert answer.json()["new"] == 1
    accounts = {row["account_id"] for table in (tables.interaction, tables.account_day)
                for row in program.agency.rows(table)}  # fmt: skip
    assert accounts == {program.agency.acme}


BAD = [
    ("PATCH", "terms?account=acme&starts_on=2024-03-01", {"ends_on": "1.3.2026"}, 422, "ends_on: “1.3.2026” cannot"),
    ("PATCH", "terms?account=acme&starts_on=2024-03-01", {"ends_on": ["x"]}, 422, "ends_on must be a text, a number"),
    ("PATCH", "terms?account=acme&starts_on=2024-03-01", {}, 422, "Nothing is to change"),
    ("PATCH", "terms?account=acme&starts_on=2024-03-01", [], 422, "The body must be a JSON object"),
    ("PATCH", "terms?account=acme&starts_on=2024-03-01", {"end": 1}, 422, "terms have no column “end”"),
    ("PATCH", "terms", {"ends_on": None}, 422, "It does not say which row; they are named by account, starts_on"),
    ("PATCH", "terms?acount=acme", {"ends_on": None}, 422, "“acount” does not name rows of terms"),
    ("PATCH", "terms?account=a&account=b", {"ends_on": None}, 422, "account is in the address twice"),
    ("PATCH", "terms?account=acme&starts_on=2020-01-01", {"ends_on": None}, 404, "There is no row of terms with"),
    ("PATCH", "accounts?account=acme%00", {"name": "x"}, 422, "cannot be taken; expected at most 255"),
    ("DELETE", "terms?account=acme&dry_run=maybe", None, 422, "dry_run: expected yes or no"),
    ("POST", "accounts/acme/merge", {"into": "acme"}, 422, "same account"),
    ("POST", "accounts/acme/merge", {"into": 5}, 422, "into must be a key"),
    ("POST", "accounts/acme/merge", {"to": "globex"}, 422, "“to” is not known here; there is into"),
    ("POST", "accounts/nobody/merge", {"into": "acme"}, 404, "There is no account “nobody”"),
    ("POST", "accounts/a%00/merge", {"into": "acme"}, 422, "is not a key; expected at most 255 characters"),
    ("POST", "accounts/acme/assign", {}, 422, "owner is missing; send null"),
    ("POST", "owners/anna/handover", {"to": "ben", "people": "yes"}, 422, "people must be true or false"),
    ("POST", "contacts/carla/move", {"account": "x" * 256}, 422, "is not a key"),
]


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case[0]} {case[1]} {case[4]}")
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    program: Program, case: tuple[str, str, Any, int, str]
) -> None:
    method, path, body, status, said = case
    traces = program.agency.count(tables.audit)
    answer = program.send(method, path, **({} if body is None else {"json": body}))
    assert answer.status_code == status, answer.text
    assert said in answer.json()["error"]
    assert program.agency.count(tables.audit) == traces


@pytest.mark.parametrize(("method", "path"), [("DELETE", "terms?account=acme"), ("PATCH", "terms?account=acme"),
                                              ("POST", "accounts/quiet/merge")])  # fmt: skip
def test_only_a_token_that_may_write_puts_right(program: Program, method: str, path: str) -> None:
    reader = program.tokens.create("dashboard", ["read"])
    assert program.send(method, path, token="").status_code == 401
    assert program.send(method, path, token=reader).status_code == 403
    assert program.agency.count(tables.account) == 3


def test_a_place_says_all_it_takes(program: Program) -> None:
    answer = program.send("GET", "terms")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, PATCH, PUT")
    assert answer.json()["error"] == "/api/v1/terms takes DELETE, PATCH, PUT, not GET."
