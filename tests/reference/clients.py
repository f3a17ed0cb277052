"""Whom we keep and lose, and who buys more: churn, retention, upsell_ratio, upsell_success."""

from typing import Any

from tests.reference.facts import Account, Offer
from tests.reference.opinions import clustered, proportion
from tests.reference.population import View, active, spells
from tests.reference.side import Side
from tests.reference.spans import Span

UPSELLS = {"upsell", "cross_sell"}


def at_start(view: View, span: Span) -> list[Account]:
    """The scope's accounts that are active on the period's first day."""
    return [account for account in view.accounts if active(view, account, span.start)]


def share_of_accounts(kept: list[bool], **details: Any) -> Side:
    """The share of accounts, of whom something is so or not."""
    return proportion([[int(one)] for one in kept], **details)


def churn(view: View, span: Span) -> Side:
    """Active at start and not at end."""
    base = at_start(view, span)
    lost = [account for account in base if not active(view, account, span.closing_day)]
    return share_of_accounts(
        [account in lost for account in base],
        lost=sorted(account.name for account in lost),
        early_losses=sum(_lost_early(view, account, span) for account in view.accounts),
        reactivated=sum(_reactivated(view, account, span) for account in view.accounts),
    )


def _lost_early(view: View, account: Account, span: Span) -> bool:
    if active(view, account, span.start) or active(view, account, span.closing_day):
        return False
    return any(active(view, account, day) for day in span)


def _reactivated(view: View, account: Account, span: Span) -> bool:
    if active(view, account, span.start) or not active(view, account, span.closing_day):
        return False
    return sum(start <= span.closing_day for start, _ in spells(view, account)) > 1


def retention(view: View, span: Span) -> Side:
    """Active at start and still, or again, at the end."""
    base = at_start(view, span)
    return share_of_accounts([active(view, account, span.closing_day) for account in base])


def decided(view: View, account: Account, span: Span) -> list[Offer]:
    """The account's upsells decided in the period."""
    offers = view.book.offers.get(account.key, ())
    return [offer for offer in offers if offer.kind in UPSELLS and offer.decided_on in span]


def upsell_ratio(view: View, span: Span) -> Side:
    """Active at start, and bought more."""
    return share_of_accounts(
        [any(offer.won for offer in decided(view, account, span)) for account in at_start(view, span)]
    )


def upsell_success(view: View, span: Span) -> Side:
    """Offers won among those decided."""
    offers = [offer for account in view.accounts for offer in decided(view, account, span)]
    return proportion(list(clustered((offer.account, int(bool(offer.won))) for offer in offers).values()))
