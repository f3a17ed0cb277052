"""Why clients of an account were not asked, or not heard."""

import pytest

from kpi.services.surveys.why_not import WhyNot, why_not
from kpi.store.store import Store
from tests.builders import Portfolio, at

NOW = at("2026-10-05")


@pytest.fixture
def portfolio(tenant: Store) -> Portfolio:
    return Portfolio(tenant)


def told(portfolio: Portfolio, account_id: int) -> WhyNot:
    with portfolio.store.transaction() as tx:
        return why_not(tx, account_id, "Acme", NOW)


def test_what_became_of_an_accounts_questions_the_latest_first(portfolio: Portfolio) -> None:
    acme, globex = portfolio.account("Acme"), portfolio.account("Globex")
    carla = portfolio.contact(acme, "Carla")
    recent = {"recorded_at": at("2026-09-01"), "posted_at": at("2026-09-01")}
    portfolio.survey(acme, "posted", **recent)
    portfolio.survey(acme, "answered", **recent)
    portfolio.survey(acme, "scheduled", recorded_at=at("2026-10-05"))
    portfolio.survey(acme, "suppressed", reason="asked_recently", contact_id=carla, recorded_at=at("2026-09-10"))
    portfolio.survey(acme, "cancelled", reason="It was a hard week.", recorded_at=at("2026-09-20"))
    portfolio.survey(acme, "expired", **{**recent, "recorded_at": at("2026-09-05"), "closed_at": at("2026-09-12")})
    portfolio.survey(acme, "suppressed", reason="no_channel", recorded_at=at("2026-06-01"))
    portfolio.survey(globex, "suppressed", reason="opted_out", recorded_at=at("2026-09-10"))

    found = told(portfolio, acme)

    assert (found.account, found.asked, found.answered, found.waiting, found.more) == ("Acme", 3, 1, 1, 0)
    assert [(each.state, each.contact, each.reason) for each in found.skipped] == [
        ("cancelled", None, "It was a hard week."),
        ("suppressed", "Carla", "they would be asked twice within the quiet time between two questions"),
        ("expired", None, "nobody answered in time"),
    ]
    assert found.skipped[2].at == at("2026-09-12")


def test_of_many_the_latest_ten_are_told_and_the_others_counted(portfolio: Portfolio) -> None:
    acme = portfolio.account("Acme")
    for _ in range(13):
        portfolio.survey(acme, "suppressed", reason="no_channel", recorded_at=at("2026-09-10"))
    found = told(portfolio, acme)
    assert (len(found.skipped), found.more) == (10, 3)


def test_an_account_nobody_thought_of_asking_has_nothing_to_tell(portfolio: Portfolio) -> None:
    found = told(portfolio, portfolio.account("Acme"))
    assert found == WhyNot("Acme", 90, 0, 0, 0, (), 0)
