"""Who is a client on which day, and who was lost."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from kpi.facts import Facts
from kpi.metrics.churn import churn
from kpi.metrics.measure import Measure
from kpi.metrics.population import merged
from kpi.model import Status
from kpi.periods import parse
from kpi.stats.proportions import Share
from tests.portfolio import AS_OF, BERLIN, clients, facts

START, MIDDLE, END = date(2026, 9, 1), date(2026, 9, 12), date(2026, 10, 1)
LONG_AGO = date(2024, 1, 1)


def september(
    *terms: tuple[date, date | None], observed: date | None = None, as_of: datetime = AS_OF
) -> Measure[Share]:
    """September 2026 for one account with these terms."""
    seen = facts(accounts=[(1, "Acme", observed)], terms=[(1, *term) for term in terms], as_of=as_of)
    return churn(seen, parse("2026-09", as_of=as_of, zone=BERLIN))


@pytest.mark.parametrize(
    ("ends_on", "lost"), [(START, 0), (date(2026, 9, 2), 1), (END, 1), (date(2026, 10, 2), 0), (None, 0)]
)
def test_an_account_is_lost_when_it_is_gone_on_the_first_day_after(ends_on: date | None, lost: int) -> None:
    assert september((LONG_AGO, ends_on)).numerator == lost


def test_renewals_without_a_gap_and_overlapping_terms_are_one() -> None:
    renewed = september((LONG_AGO, MIDDLE), (MIDDLE, None))
    overlapping = september((LONG_AGO, date(2026, 9, 20)), (MIDDLE, date(2026, 12, 1)))
    assert (renewed.numerator, overlapping.numerator) == (0, 0)
    assert renewed.details["reactivated"] == 0


def test_terms_merge_whatever_their_order_and_empty_ones_vanish() -> None:
    a, b, c = (START, MIDDLE), (MIDDLE, END), (date(2026, 11, 1), date.max)
    assert merged([c, b, (END, END), a]) == ((START, END), c)
    assert merged([(START, END), (MIDDLE, date(2026, 9, 13))]) == ((START, END),)


def test_back_within_the_period_is_not_lost() -> None:
    measure = september((LONG_AGO, date(2026, 9, 5)), (date(2026, 9, 20), None))
    assert (measure.numerator, measure.denominator) == (0, 1)


def test_joined_and_gone_inside_the_period_is_an_early_loss_outside_the_base() -> None:
    measure = september((date(2026, 9, 2), date(2026, 9, 20)))
    assert (measure.denominator, measure.details["early_losses"]) == (0, 1)


def test_a_client_who_comes_back_is_reactivated_not_negative_churn() -> None:
    measure = september((LONG_AGO, date(2026, 6, 1)), (MIDDLE, None))
    assert measure.details == {"lost": [], "early_losses": 0, "reactivated": 1}


def test_before_it_is_observed_an_account_is_not_active() -> None:
    measure = september((LONG_AGO, None), observed=date(2026, 9, 2))
    assert measure.status == Status.UNDEFINED
    assert measure.reason == "No account was active on 1 September 2026."
    assert measure.exclusions == ("1 account with a term on 1 September 2026, observed only later",)
    assert september((LONG_AGO, None), observed=START).denominator == 1


@pytest.mark.parametrize(("ends_on", "lost"), [(date(2026, 9, 12), 1), (date(2026, 9, 13), 0)])
def test_while_the_period_is_open_the_day_of_as_of_is_its_end(ends_on: date, lost: int) -> None:
    as_of = datetime(2026, 9, 12, 12, tzinfo=UTC)
    assert september((LONG_AGO, ends_on), as_of=as_of).numerator == lost


def test_the_lost_are_named_in_order() -> None:
    names = [(1, "zeta", None), (2, "Beta", None), (3, "alpha", None)]
    seen = facts(accounts=names, terms=[(number, LONG_AGO, MIDDLE) for number, _, _ in names])
    measure = churn(seen, parse("2026-09", as_of=AS_OF, zone=BERLIN))
    assert measure.details["lost"] == ["alpha", "Beta", "zeta"]


@pytest.mark.parametrize(("base", "status"), [(9, Status.INDICATIVE), (10, Status.FULL)])
def test_ten_accounts_make_it_full(base: int, status: Status) -> None:
    assert churn(clients(base, 1), parse("2026-09", as_of=AS_OF, zone=BERLIN)).status == status


def test_joining_clients_never_change_churn() -> None:
    period = parse("2026-09", as_of=AS_OF, zone=BERLIN)
    assert churn(clients(12, 3, 8), period).value == churn(clients(12, 3), period).value == 25


def test_absent_dates_may_come_as_nat() -> None:
    accounts = pd.DataFrame({"account_id": [1], "name": ["Acme"], "observed_from": [pd.NaT]})
    terms = pd.DataFrame({"account_id": [1], "starts_on": [LONG_AGO], "ends_on": [pd.NaT]})
    seen = Facts(AS_OF, BERLIN, accounts=accounts, terms=terms)
    assert churn(seen, parse("2026-09", as_of=AS_OF, zone=BERLIN)).denominator == 1
