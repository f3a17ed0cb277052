"""Gross revenue retention: what is left of the opening cohort's MRR, growth not counted."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kpi.facts import Facts
from kpi.metrics.listing import Lister, ranked
from kpi.metrics.measure import Measure
from kpi.metrics.money import Row, mrr, rows
from kpi.metrics.population import clients, closing_day
from kpi.metrics.sums import PerAccount, of_sums, percent
from kpi.metrics.tabled import Tabled
from kpi.periods import Period, spoken


def grr(facts: Facts, period: Period) -> Measure[PerAccount]:
    """100 · Σ min(MRR at the end, MRR at the start)/Σ MRR at the start, over accounts with MRR on the start day."""
    return GRR(facts, period)


def kept(moves: "Movements", accounts: Sequence[int]) -> Measure[PerAccount]:
    """The same of some accounts."""
    mine = moves.of(accounts)
    columns = {account: (min(end, start), start) for account, (start, end) in mine.cohort.items()}
    return of_sums(PerAccount(columns, accounts, percent), mine.reason, listing=mine.listing)


@dataclass(frozen=True, slots=True)
class Movements:
    """The MRR of the opening cohort (on the `start` day, at the end) by account, and what came from elsewhere."""

    start: date
    cohort: dict[int, tuple[float, float]]
    reactivated: dict[int, float]
    new: dict[int, float]

    def of(self, accounts: Iterable[int]) -> "Movements":
        """Those of some accounts."""
        mine = set(accounts)
        cohort = {account: paid for account, paid in self.cohort.items() if account in mine}
        return Movements(self.start, cohort, _some(self.reactivated, mine), _some(self.new, mine))

    @property
    def reason(self) -> str | None:
        """Why there is no cohort, if there is none."""
        return None if self.cohort else f"No account had monthly revenue on {spoken(self.start)}."

    @property
    def listing(self) -> Lister:
        """The cohort, those that lost most first."""
        worst_first = dict(sorted(self.cohort.items(), key=lambda each: each[1][1] - each[1][0]))
        return lambda _: (ranked("monthly_revenue", worst_first, ("at_the_start", "money"), ("at_the_end", "money")),)


def movements(facts: Facts, period: Period) -> Movements:
    """MRR on the start day and on the first day after the period (open: the day of as_of).

    `reactivated`: at the end, of accounts with none on the start day that had some on an earlier day; `new`: of all
    others with none on the start day.
    """
    everyone = clients(facts)
    start = mrr(facts, everyone, period.start)
    end = mrr(facts, everyone, closing_day(period, facts.today))
    cohort = {account: (paid, end[account]) for account, paid in start.items() if paid > 0}
    joined = {account: paid for account, paid in end.items() if start[account] == 0 and paid > 0}
    before = earned_before(facts, period, joined)
    return Movements(period.start, cohort, _some(joined, before), _some(joined, joined.keys() - before))


def _some(amounts: dict[int, float], accounts: Collection[int]) -> dict[int, float]:
    return {account: paid for account, paid in amounts.items() if account in accounts}


def earned_before(facts: Facts, period: Period, accounts: Collection[int]) -> set[int]:
    """Those of these accounts that had MRR on some day before the period."""
    everyone = clients(facts)

    def was_active(row: Row) -> bool:
        spells = everyone[row.account].active_spells
        return any(max(row.starts_on, first) < min(row.ends_on, end, period.start) for first, end in spells)

    return {row.account for row in rows(facts, accounts) if row.kind == "recurring" and row.minor and was_active(row)}


GRR = Tabled(movements, kept)
