"""From a name to the account, segment or owner that is meant: leniently where an option says which kind it is."""

import pytest

from kpi.errors import KpiError, UnknownWord
from kpi.model import Scope
from kpi.services import scopes
from kpi.store.store import Store
from tests.builders import Portfolio

NAMES = (
    "Acme GmbH",
    "Globex Corporation",
    "Initech",
    "Northwind North",
    "Northwind South",
    "Müller & Söhne",
    "Client 01",
)


@pytest.fixture
def portfolio(tenant: Store) -> Portfolio:
    found = Portfolio(tenant)
    for name in NAMES:
        found.account(name)
    return found


def meant(portfolio: Portfolio, name: str, kind: str = "account", *, forgiving: bool = True) -> str | None:
    with portfolio.store.transaction() as tx:
        return scopes.resolve(tx, Scope(kind, name), forgiving=forgiving).name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("acme gmbh", "Acme GmbH"),
        ("KEY-Initech", "Initech"),
        ("glob", "Globex Corporation"),
        ("corporation", "Globex Corporation"),
        ("söhne", "Müller & Söhne"),
        ("Akme GmbH", "Acme GmbH"),
        ("Initch", "Initech"),
        ("Globx", "Globex Corporation"),
        ("GmbH Acme", "Acme GmbH"),
        ("Muller Sohne", "Müller & Söhne"),
    ],
)
def test_a_name_a_key_a_beginning_a_word_and_a_slip_mean_the_one_account(
    portfolio: Portfolio, typed: str, name: str
) -> None:
    assert meant(portfolio, typed) == name


def test_what_could_be_several_is_told_with_up_to_five_of_them(portfolio: Portfolio) -> None:
    with pytest.raises(KpiError, match=r"“northwind” could be Northwind North or Northwind South\. Please say which"):
        meant(portfolio, "northwind")
    for number in range(10, 19):
        portfolio.account(f"Branch {number}")
    with pytest.raises(KpiError, match="Branch 10, Branch 11, Branch 12, Branch 13 or Branch 14"):
        meant(portfolio, "branch")


@pytest.mark.parametrize("typed", ["Northwind Sorth", "Client 02", "Client 011", "Akm", "zzz"])
def test_a_likeness_that_is_not_clear_or_differs_in_a_number_is_not_taken(portfolio: Portfolio, typed: str) -> None:
    with pytest.raises(KpiError):
        meant(portfolio, typed)


@pytest.mark.parametrize("typed", ["", " "])
def test_no_name_at_all_is_not_the_beginning_of_one(tenant: Store, typed: str) -> None:
    portfolio = Portfolio(tenant)
    portfolio.account("Acme")
    with pytest.raises(KpiError, match="The name of the account is empty"):
        meant(portfolio, typed)


def test_a_name_that_means_nobody_gets_the_nearest_ones(portfolio: Portfolio) -> None:
    with pytest.raises(UnknownWord, match=r"There is no account “Akme”\. Did you mean Acme GmbH\?") as unknown:
        meant(portfolio, "Akme")
    assert unknown.value.nearest == ("Acme GmbH",)
    with pytest.raises(UnknownWord, match=r"There is no owner “Anna”\.$"):
        meant(portfolio, "Anna", "owner")


def test_segments_and_owners_are_found_the_same_way(portfolio: Portfolio) -> None:
    portfolio.owner("Anna Arendt")
    portfolio.account("Zeta", segment="Mid-market")
    assert meant(portfolio, "arendt", "owner") == "Anna Arendt"
    assert meant(portfolio, "mid", "segment") == "Mid-market"
    assert meant(portfolio, "midmarket", "segment") == "Mid-market"


@pytest.mark.parametrize("typed", ["corporation", "Akme GmbH"])
def test_free_words_are_read_strictly(portfolio: Portfolio, typed: str) -> None:
    with pytest.raises(UnknownWord, match="neither an account nor a period"):
        meant(portfolio, typed, forgiving=False)


def test_whom_a_name_was_taken_for_is_said_only_where_it_was_another(portfolio: Portfolio) -> None:
    acme = Scope("account", "Acme GmbH", 1)
    assert scopes.read_as(Scope("account", "Akme GmbH"), acme) == "Akme GmbH read as Acme GmbH"
    assert scopes.read_as(Scope("account", "acme  gmbh"), acme) is None
    assert scopes.read_as(None, Scope()) is None
