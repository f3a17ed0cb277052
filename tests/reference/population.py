"""Who is a client on which day, and who belongs to the question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tests.reference.cells import Clock
from tests.reference.facts import Account, Answer, Book, Survey
from tests.reference.settings import Settings
from tests.reference.spans import Span


@dataclass(frozen=True)
class View:
    """What a question is asked of. Money is at the rates in force on `rate_day`."""

    book: Book
    settings: Settings
    clock: Clock
    scope: tuple[str, str | None]
    rate_day: date
    variant: str | None = None

    @property
    def accounts(self) -> Sequence[Account]:
        """The scope's accounts, in the order of their keys."""
        kind, name = self.scope
        if kind == "workspace":
            return self.book.accounts
        return [account for account in self.book.accounts if getattr(account, SCOPES[kind]) == name]

    def asked(self, fact: Survey | Answer) -> bool:
        """Whether a question or an answer belongs to the scope: by the owner at send where the scope is an owner."""
        kind, name = self.scope
        if kind == "owner":
            return fact.owner == name
        return fact.account in {account.key for account in self.accounts}


SCOPES = {"account": "key", "segment": "segment", "owner": "owner"}


def covered(view: View, account: Account, day: date) -> bool:
    """Whether a term covers the day."""
    terms = view.book.terms.get(account.key, ())
    return any(term.starts_on <= day and (term.ends_on is None or day < term.ends_on) for term in terms)


def active(view: View, account: Account, day: date) -> bool:
    """Whether a term covers the day and our data does."""
    observed = account.observed_from is None or day >= account.observed_from
    return observed and covered(view, account, day)


def spells(view: View, account: Account) -> list[tuple[date, date | None]]:
    """Overlapping and gapless terms merged: (first day, first day without service)."""
    merged: list[tuple[date, date | None]] = []
    for term in sorted(view.book.terms.get(account.key, ()), key=lambda term: term.starts_on):
        if merged and (merged[-1][1] is None or term.starts_on <= merged[-1][1]):
            start, end = merged.pop()
            later = None if end is None or term.ends_on is None else max(end, term.ends_on)
            merged.append((start, later))
        else:
            merged.append((term.starts_on, term.ends_on))
    return merged


def touch_days(view: View, account: Account, span: Span) -> list[date]:
    """Days on which the account is active, and was met or wrote and was written to."""
    met = {one.day for one in view.book.interactions.get(account.key, ())}
    wrote = {one.day for one in view.book.messages.get(account.key, ()) if one.from_client and one.from_us}
    return [day for day in span if day in met | wrote and active(view, account, day)]


def completed_months(start: date, day: date) -> int:
    """Calendar months completed from `start` to `day`."""
    return (day.year - start.year) * 12 + day.month - start.month - (day.day < start.day)
