"""Money, offers, feedback: small portfolios of a source's figures, measured by the KPIs' own arithmetic."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from math import fsum
from typing import Any

from kpi.facts import Facts
from kpi.metrics.catalog import CATALOG
from kpi.metrics.clv import Steady
from kpi.metrics.evaluate import measures
from kpi.metrics.measure import Measure
from kpi.periods import parse
from tests.oracles.given import Figures, finite
from tests.oracles.surveys import SEPTEMBER
from tests.portfolio import AS_OF, BERLIN, definition, facts

MINOR = 1_000_000
"""Amounts are counted in millionths here, so that a source's fractions stay whole."""
LONG_AGO, START, INSIDE = date(2020, 1, 1), date(2026, 9, 1), date(2026, 9, 15)
AUGUST = parse("2026-08", as_of=AS_OF, zone=BERLIN)


def measured(key: str, seen: Facts) -> Measure[Any]:
    """One KPI in September 2026."""
    kpi = next(kpi for kpi in CATALOG if kpi.key == key)
    return measures(kpi, definition(key), seen, [SEPTEMBER])[0]


def share(key: str, seen: Facts) -> float | None:
    """The same as a share of one."""
    value = measured(key, seen).value
    return None if value is None else value / 100


def payers(moves: Sequence[tuple[float, float]], back: float = 0) -> Facts:
    """Accounts by their (MRR before, MRR from mid-September on), and one that comes back with `back`."""
    rows = [
        row
        for number, (before, after) in enumerate(moves, 1)
        for row in ((number, before, LONG_AGO, INSIDE), (number, after, INSIDE, None))
    ]
    again = len(moves) + 1
    rows += [(again, back, LONG_AGO, date(2021, 1, 1)), (again, back, INSIDE, None)] if back else []
    return facts(
        accounts=[(number, f"Client {number}") for number in range(1, again + bool(back))],
        terms=[(number, LONG_AGO, None) for number in range(1, again + bool(back))],
        revenue=[
            (number, "recurring", first, end, round(paid * MINOR), "EUR") for number, paid, first, end in rows if paid
        ],
    )


def mrr_movement(given: Figures) -> Figures:
    """Net churn as ChartMogul has it: reactivation counts as money won back."""
    seen = payers(list(_moves(given)), given.get("reactivation_mrr", 0))
    net = measured("nrr", seen)
    found = {"gross_mrr_churn": share("revenue_churn", seen), "grr": share("grr", seen), "nrr": None}
    if net.value is None:
        return {**found, "net_mrr_churn": None}
    won_back = net.details["reactivated"] / net.details["start"]
    return {**found, "nrr": net.value / 100 + won_back, "net_mrr_churn": 1 - net.value / 100 - won_back}


def _moves(given: Figures) -> Iterator[tuple[float, float]]:
    """A client lost, one that pays less, one that pays more, out of what there was at the start."""
    lost, less = given.get("churn_mrr", 0), given.get("contraction_mrr", 0)
    stays = given["mrr_start"] - lost - less
    yield lost, 0
    yield less + stays / 2, stays / 2
    yield stays / 2, stays / 2 + given.get("expansion_mrr", 0)


def mrr_daily_sum(given: Figures) -> Figures:
    """Σ over days of the day's revenue churn; a day that began with none lost none."""
    return {"gross_mrr_churn": fsum(_lost(day) or 0.0 for day in given["days"])}


def _lost(day: Figures) -> float | None:
    if "mrr_end" in day:
        return share("revenue_churn", payers([(day["mrr_start"], day["mrr_end"])]))
    return share("revenue_churn", payers(list(_moves(day))))


def nrr_grr(given: Figures) -> Figures:
    """Of the opening cohort alone: what is won back from others is outside."""
    each = [(one["mrr_start"], one["mrr_end"]) for one in given.get("accounts", ())]
    seen = payers(each or list(_moves(given)), given.get("reactivation_mrr", 0))
    return {"grr": share("grr", seen), "nrr": share("nrr", seen)}


def clv_formula(given: Figures) -> Figures:
    """ARPA · gross margin/churn; without churn there is no end to it."""
    import numpy as np

    with np.errstate(divide="ignore"):
        lifetime, worth = (
            float(Steady(margin)(np.array([paid, 1.0, given["churn"], 1.0])))
            for margin, paid in ((1.0, 1.0), (given.get("gross_margin", 1), given["arpa"]))
        )
    return {"ltv": finite(worth), "lifetime_periods": finite(lifetime)}


def sales_growth_rate(given: Figures) -> Figures:
    paid = ((AUGUST, given["previous"]), (SEPTEMBER, given["current"]))
    seen = facts(
        accounts=[(1, "Acme")],
        terms=[(1, LONG_AGO, None)],
        revenue=[(1, "project", span.start, span.end, round(amount * MINOR), "EUR") for span, amount in paid],
    )
    growth, years = share("sales_growth", seen), given.get("years")
    return {"growth": growth, "cagr": None if growth is None or not years else (1 + growth) ** (1 / years) - 1}


def upsell_rate(given: Figures) -> Figures:
    eligible, offered, accepted = (given.get(name, 0) for name in ("eligible_accounts", "offered", "accepted"))
    decided = [(1 + number, INSIDE, number < accepted) for number in range(offered)]
    bought = [(1 + number, INSIDE, True) for number in range(given.get("accounts_upsold", 0))]
    base: dict[str, Any] = {
        "accounts": [(1 + number, f"Client {number}") for number in range(max(eligible, offered))],
        "terms": [(1 + number, LONG_AGO, None) for number in range(eligible)],
    }
    return {
        "success_rate": share("upsell_success", facts(**base, offers=decided)),
        "upsell_ratio": share("upsell_ratio", facts(**base, offers=bought)),
    }


def feedback_implementation_rate(given: Figures) -> Figures:
    """Each piece from a client of its own: some done, some declined with a reason, the rest open."""
    at, later = datetime(2026, 9, 10, 9, tzinfo=UTC), datetime(2026, 9, 20, 9, tzinfo=UTC)
    done, declined = given["implemented"], given.get("declined_with_reason", 0)
    rows = [
        (number, at, later if number < done else None, later if done <= number < done + declined else None, True, None)
        for number in range(given["actionable"])
    ]
    found = measured(
        "feedback_implementation", facts(accounts=[(row[0], f"Client {row[0]}") for row in rows], feedback=rows)
    )
    rate, closure = found.value, found.details["closure"]
    return {"implementation_rate": rate and rate / 100, "closure_rate": closure and closure / 100}


def engagement_score_raw(given: Figures) -> Figures:
    """Weights of the source's own: the sum is all there is to it."""
    return {"raw_score": fsum(each["count"] * each["weight"] for each in given["events"])}
