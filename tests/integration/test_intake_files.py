"""Files come in each whole or not at all, by the million as by the dozen."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from kpi.records.catalog import BY_NAME
from kpi.services.intake import Busy, Fate, Intake, Mode, Taken
from kpi.store import tables
from kpi.store.intake import lock
from kpi.store.store import Store
from tests.sheets import ACME, BETA, EXAMPLES, NOW, Pages, counts, days, fill, intake, put, stored, told


@pytest.fixture
def filled(tenant: Store) -> Store:
    return fill(tenant)


def sheets(**rows: list[dict[str, str]]) -> list[Pages]:
    return [Pages(name, given) for name, given in rows.items()]


TERM = {"account": "acme", "starts_on": "2026-01-01", "ends_on": ""}


def test_one_bad_row_keeps_its_file_out_and_stops_writing_but_not_checking(tenant: Store) -> None:
    files = sheets(owners=[{"owner": "anna", "name": "Anna"}], accounts=[ACME, {"account": "x", "name": ""}],
                   terms=[TERM, {**TERM, "account": "x"}, {**TERM, "starts_on": "soon"}], revenue=[])  # fmt: skip
    owners, accounts, terms, revenue = intake(tenant).take(files, Mode())
    assert [taken.fate for taken in (owners, accounts, terms, revenue)] == [
        Fate.WRITTEN,
        Fate.REFUSED,
        Fate.REFUSED,
        Fate.CHECKED,
    ]
    assert told(accounts) == [(3, "name", "the cell is empty; it must be filled in")]
    assert [line for line, *_ in told(terms)] == [4]
    assert {name for name, rows in stored(tenant).items() if rows} == {"owner"}


def test_a_dry_run_says_what_would_be_and_writes_nothing(filled: Store) -> None:
    before = stored(filled)
    files = sheets(accounts=[{**ACME, "segment": "smb"}, BETA], terms=[{**TERM, "account": "beta"}])
    accounts, terms = intake(filled).take(files, Mode(dry_run=True))
    assert (counts(accounts), counts(terms)) == ((1, 1, 0, 0), (1, 0, 0, 0))
    assert (accounts.fate, terms.fate) == (Fate.CHECKED, Fate.CHECKED)
    assert stored(filled) == before


def test_keeping_the_good_rows_refuses_those_that_name_a_bad_one(tenant: Store) -> None:
    files = sheets(accounts=[ACME, {"account": "x", "name": ""}], terms=[TERM, {**TERM, "account": "x"}])
    accounts, terms = intake(tenant).take(files, Mode(keep_good=True))
    assert (counts(accounts), counts(terms)) == ((1, 0, 0, 1), (1, 0, 0, 1))
    assert (accounts.fate, terms.fate) == (Fate.WRITTEN, Fate.WRITTEN)
    assert told(terms)[0][:2] == (3, "account")


def test_files_come_in_by_what_they_refer_to_whatever_their_order(tenant: Store) -> None:
    taken = intake(tenant).take(sheets(terms=[TERM], accounts=[ACME]), Mode())
    assert [one.entity for one in taken] == ["accounts", "terms"]
    assert all(one.fate is Fate.WRITTEN for one in taken)


def test_only_the_first_thousand_flaws_are_kept_and_all_are_counted(tenant: Store) -> None:
    rows = [{"account": str(number), "name": ""} for number in range(1500)]
    (taken,) = intake(tenant).take([Pages("accounts", rows)], Mode())
    assert (len(taken.flaws), taken.flawed, taken.rejected, taken.rows) == (1000, 1500, 1500, 1500)


def test_a_batch_waits_for_another_no_longer_than_somebody_would(store: Store, impatient: Intake) -> None:
    with store.transaction() as other:
        lock(other, 1)
        with pytest.raises(Busy, match="being imported just now; nothing was changed"):
            impatient.put(BY_NAME["accounts"], [ACME], "test")


@pytest.fixture
def impatient(store: Store) -> Intake:
    return Intake(store, lambda: NOW, intake(store).zone, "EUR", patience_seconds=1)


@pytest.fixture
def heavy(store: Store) -> Callable[..., tuple[Taken, ...]]:
    """Takes files as if they were large: into empty tables their rows go straight."""
    put(store, "accounts", ACME, BETA)

    def take(name: str, *rows: dict[str, str], mode: Mode = Mode()) -> tuple[Taken, ...]:  # noqa: B008 it is frozen
        return intake(store).take([Pages(name, rows, batch=2, heft=100_000_000)], mode)

    return take


DAY = {"account": "acme", "from_client": "1", "from_us": "2"}


def test_rows_by_the_million_come_in_alike(store: Store, heavy: Callable[..., tuple[Taken, ...]]) -> None:
    for name in ("messages", "usage", "episodes"):
        (taken,) = heavy(name, EXAMPLES[name])
        assert (taken.fate, counts(taken)) == (Fate.WRITTEN, (1, 0, 0, 0))
    with store.transaction() as tx:
        quick = {table.name: tx.rows(select(table)) for table in (tables.usage_day, tables.account_day)}
        tx.run(text("TRUNCATE usage_day, account_day"))
    for name in ("messages", "usage"):
        put(store, name, EXAMPLES[name])
    with store.transaction() as tx:
        assert quick == {table.name: tx.rows(select(table)) for table in (tables.usage_day, tables.account_day)}
        keys = "SELECT count(*) FROM pg_constraint WHERE conrelid = 'usage_day'::regclass AND contype IN ('p', 'f')"
        assert tx.value(text(keys)) == 3


def test_what_is_wrong_among_millions_is_said_as_ever(heavy: Callable[..., tuple[Taken, ...]]) -> None:
    (taken,) = heavy("messages", {**DAY, "day": "2026-01-01"}, {**DAY, "day": "2026-01-32"}, {**DAY, "day": "2026-1-2"})
    assert (taken.fate, [flaw.line for flaw in taken.flaws]) == (Fate.REFUSED, [3, 4])
    (taken,) = heavy("messages", {**DAY, "day": "2026-01-01"}, {**DAY, "day": "2026-01-01", "from_us": "3"})
    assert taken.flaws[0].text == "the same account and day as line 3; expected each once"
    (taken,) = heavy("messages", {**DAY, "day": "2026-01-01"}, {**DAY, "day": "2026-01-02", "account": "ghost"})
    assert [(flaw.line, flaw.column) for flaw in taken.flaws] == [(3, "account")]
    backwards = {**EXAMPLES["episodes"], "first_response_at": "2026-09-01"}
    assert heavy("episodes", backwards)[0].fate is Fate.REFUSED


def test_a_dry_run_over_millions_leaves_the_tables_empty_and_their_keys_in_place(
    store: Store, heavy: Callable[..., tuple[Taken, ...]]
) -> None:
    assert counts(heavy("messages", {**DAY, "day": "2026-01-01"}, mode=Mode(dry_run=True))[0]) == (1, 0, 0, 0)
    assert days(store) == {}
    assert counts(heavy("messages", {**DAY, "day": "2026-01-01"})[0]) == (1, 0, 0, 0)
    assert counts(heavy("messages", {**DAY, "day": "2026-01-01"})[0]) == (0, 0, 1, 0)
