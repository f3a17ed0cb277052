"""Money, offers, feedback and engagement by their plain definitions: what the KPIs' own arithmetic is held against."""

from math import fsum

from tests.oracles.given import Figures, quotient


def mrr_movement(given: Figures) -> Figures:
    """Net and gross churn of MRR as ChartMogul has it: reactivation counts as money won back."""
    start = given["mrr_start"]
    lost = given.get("churn_mrr", 0) + given.get("contraction_mrr", 0)
    net = lost - given.get("expansion_mrr", 0) - given.get("reactivation_mrr", 0)
    return {
        "gross_mrr_churn": quotient(lost, start),
        "net_mrr_churn": quotient(net, start),
        "grr": quotient(start - lost, start),
        "nrr": quotient(start - net, start),
    }


def mrr_daily_sum(given: Figures) -> Figures:
    """Σ over days of the day's lost MRR over the MRR it began with; a day that began with none lost none."""
    return {"gross_mrr_churn": fsum(quotient(_lost(day), day["mrr_start"]) or 0.0 for day in given["days"])}


def _lost(day: Figures) -> float:
    named = [day[name] for name in ("churn_mrr", "contraction_mrr") if name in day]
    return fsum(named) if named else max(day["mrr_start"] - day["mrr_end"], 0.0)


def nrr_grr(given: Figures) -> Figures:
    """Of the opening cohort alone: what is won back from others is outside."""
    if "accounts" in given:
        pairs = [(each["mrr_start"], each["mrr_end"]) for each in given["accounts"] if each["mrr_start"] > 0]
        start = fsum(before for before, _ in pairs)
        kept = fsum(min(before, now) for before, now in pairs)
        return {"grr": quotient(kept, start), "nrr": quotient(fsum(now for _, now in pairs), start)}
    found = mrr_movement({**given, "reactivation_mrr": 0})
    return {name: found[name] for name in ("grr", "nrr")}


def clv_formula(given: Figures) -> Figures:
    """ARPA · gross margin/churn; without churn there is no end to it."""
    margin, churn = given["arpa"] * given.get("gross_margin", 1), given["churn"]
    return {"ltv": quotient(margin, churn), "lifetime_periods": quotient(1, churn)}


def sales_growth_rate(given: Figures) -> Figures:
    growth = quotient(given["current"] - given["previous"], given["previous"])
    years = given.get("years")
    return {"growth": growth, "cagr": None if growth is None or not years else (1 + growth) ** (1 / years) - 1}


def upsell_rate(given: Figures) -> Figures:
    return {
        "success_rate": quotient(given.get("accepted", 0), given.get("offered", 0)),
        "upsell_ratio": quotient(given.get("accounts_upsold", 0), given.get("eligible_accounts", 0)),
    }


def feedback_implementation_rate(given: Figures) -> Figures:
    actionable, done = given["actionable"], given["implemented"]
    return {
        "implementation_rate": quotient(done, actionable),
        "closure_rate": quotient(done + given.get("declined_with_reason", 0), actionable),
    }


def engagement_score_raw(given: Figures) -> Figures:
    return {"raw_score": fsum(each["count"] * each["weight"] for each in given["events"])}
