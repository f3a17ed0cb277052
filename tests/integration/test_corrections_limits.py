"""What a correction cannot come to is said in one sentence, and changes nothing."""

import pytest

from kpi.errors import KpiError, Misfilled
from kpi.store.store import Store
from tests.books import Books
from tests.sheets import stored


@pytest.fixture
def books(tenant: Store) -> Books:
    books = Books(tenant)
    books.accounts("acme", "beta")
    return books


def test_sums_no_number_can_hold_are_said(books: Books) -> None:
    for account in ("acme", "beta"):
        books.put("usage", {"account": account, "day": "2026-09-01", "metric": "m", "value": "1.5e308"})
    before = stored(books.store)
    with pytest.raises(KpiError, match="too large to be stored; nothing was changed"):
        books.merge("acme", "beta")
    assert stored(books.store) == before


@pytest.mark.parametrize("name", ["currency", "kind"])
def test_what_an_amount_is_called_by_is_not_emptied(books: Books, name: str) -> None:
    amount = {"account": "acme", "starts_on": "2026-01-01", "ends_on": "", "amount": "5", "currency": "USD"}
    books.put("revenue", amount)
    before = stored(books.store)
    with pytest.raises(Misfilled, match=f"{name} is part of what the row is called by; it must be filled in"):
        books.correct("revenue", {"account": "acme", "starts_on": "2026-01-01"}, **{name: ""})
    assert stored(books.store) == before
