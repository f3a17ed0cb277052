"""Published figures, each a test of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.oracles.check import faults
from tests.oracles.kinds import KINDS, NOT_BUILT

FILE = Path(__file__).parent / "oracles.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_published_figure_is_met(case: dict[str, Any]) -> None:
    if case["kpi"] not in KINDS:
        pytest.skip(f"not offered: {NOT_BUILT[case['kpi']]}")
    assert faults(case) == []


FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
FIVE = {"time": [2, 10, 5, 4, 3], "event": [1, 1, 1, 1, 1]}
DAY = {"open": "09:00", "close": "17:00", "start": "2026-01-09T16:00", "end": "2026-01-12T10:00"}
MAUNDY = {"open": "09:00", "close": "17:00", "start": "2026-04-02T16:00", "end": "2026-04-07T10:00"}
NIGHT = {"open": "22:00", "close": "06:00", "start": "2026-01-09T12:00", "end": "2026-01-12T12:00"}
OTHERS = [
    ("csat", {"counts": {"5": 1, "4": 1, "1": 2}, "top_box": [5]}, {"csat": 25, "rounded": 25}),
    ("csat", {"counts": {}}, {"csat": None, "rounded": None}),
    ("csat_ci", {"count": 8, "n": 10, "method": "jeffreys", "confidence": 0.9}, {"lo": 0.5475, "hi": 0.9398}),
    ("csat_ci", {"count": 8, "n": 10, "method": "agresti-coull"}, {"lo": 0.4794, "hi": 0.9541}),
    ("churn_ci", {"count": 0, "n": 0}, {"lo": None, "hi": None}),
    ("nps_ci", {"promoters": 5, "passives": 3, "detractors": 2, "confidence": 0.9}, {"lo": -10.6249, "hi": 70.6249}),
    ("churn_rate", {"customers_start": 100, "customers_end": 105, "new_in_period": 10}, {"churn_rate": 0.05}),
    ("churn_scaling", {"annual_churn": 0.46, "to": "monthly"}, {"monthly_churn": 0.05005}),
    ("churn_scaling", {"churn": 0.1, "days": 73}, {"annual_churn": 1 - 0.9**5}),
    ("retention_projection", {"alpha": 1, "beta": 1}, {"survival_year1": 0.5, "survival_year3": 0.25}),
    (
        "gross_mrr_churn",
        {"mrr_start": 100, "churn_mrr": 10, "reactivation_mrr": 4},
        {"net_mrr_churn": 0.06, "nrr": 0.94},
    ),
    ("gross_mrr_churn_daily_sum", {"days": [{"mrr_start": 100, "mrr_end": 95}] * 2}, {"gross_mrr_churn": 0.1}),
    ("nrr_grr", {"mrr_start": 100, "churn_mrr": 10, "reactivation_mrr": 4}, {"nrr": 0.9, "grr": 0.9}),
    ("nrr_grr", {"accounts": [{"mrr_start": 100, "mrr_end": 150}, {"mrr_start": 100, "mrr_end": 50}]}, {"grr": 0.75}),
    ("clv_formula", {"arpa": 100, "churn": 0.02}, {"ltv": 5000, "lifetime_periods": 50}),
    ("sales_growth_rate", {"previous": 0, "current": 5}, {"growth": None}),
    ("sales_growth_rate", {"previous": 100, "current": 121, "years": 2}, {"growth": 0.21, "cagr": 0.1}),
    ("upsell_rate", {"offered": 0, "accepted": 0}, {"success_rate": None}),
    ("response_time_business", {**DAY, "weekdays": "Mon-Sat"}, {"business_hours": 10, "calendar_hours": 66}),
    ("response_time_business", {**DAY, "weekdays": "Sun–Thu"}, {"business_hours": 9}),
    (
        "response_time_business",
        {**DAY, "weekdays": ["Mon", "Fri"], "break": ["09:30", "12:00"]},
        {"business_hours": 1.5},
    ),
    ("response_time_business", {**DAY, "breaks": [["16:15", "16:30"], ["09:00", "09:15"]]}, {"business_minutes": 90}),
    ("response_time_business", {**MAUNDY, "holidays": "DE-BE", "timezone": "Europe/Berlin"}, {"business_hours": 2}),
    ("response_time_business", {**NIGHT, "weekdays": "Mon-Fri"}, {"business_hours": 8}),
    ("percentile", {"values": [1, 2, 3, 4], "p": [25, 75], "method": "Excel PERCENTILE.EXC"}, {"value": [1.25, 3.75]}),
    ("percentile", {"values": [1, 2, 3, 4], "p": 30, "method": "nearest rank"}, {"value": 2}),
    ("percentile", {"values": [1, 2, 3, 4], "p": 50, "method": "linear, R-7"}, {"value": 2.5}),
    ("median_ci", {"values": [9, 1, 5, 3, 7, 2, 8, 4, 6]}, {"median": 5, "lo": 2, "hi": 8, "coverage": 0.9609375}),
    ("median_ci", {"values": [3, 1, 2]}, {"median": 2, "lo": None, "hi": None}),
    (
        "communication_frequency_ci",
        {"events": 0, "exposure": 2, "confidence": 0.9},
        {"rate": 0, "lo": 0, "hi": 1.497866},
    ),
    ("signal_xmr", {"values": FLOW}, {"upl": 55.8049, "lpl": 45.8151, "signals": 0}),
    ("signal_xmr", {"values": FLOW, "scale": "3/d2"}, {"upl": 55.8024, "lpl": 45.8176}),
    (
        "signal_ewma",
        {"values": [1, 1], "lambda": 0.5, "target": 0, "sigma": 1, "limits": "exact"},
        {"ucl": [1.5, 1.6771]},
    ),
    ("multiple_comparisons", {"p_values": [0.01, 0.02, 0.2], "alpha": 0.03}, {"n_reject_bh": 2, "n_reject_holm": 1}),
    ("retention_curve", FIVE, {"survival": [0.8, 0.6, 0.4, 0.2, 0], "median": 4}),
    ("retention_curve", {**FIVE, "at": [0, 2.5]}, {"survival": [1, 0.8], "ci_hi_loglog": [1, 0.9692]}),
    ("retention_curve_compare", {"a_T": [1, 2, 3], "b_T": [1, 2, 3]}, {"chi2": 0, "p_value": 1}),
    ("churn_risk_calibration", {"y": [0, 1], "p": [0.5, 0.5]}, {"brier": 0.25, "brier_skill": 0}),
    ("churn_risk_ranking", {"y": [0, 1, 1], "score": [3, 2, 1]}, {"precision_at_1": 0, "precision_at_3": 2 / 3}),
]


@pytest.mark.parametrize(("kind", "given", "expected"), OTHERS)
def test_other_inputs_of_the_same_kinds_are_understood(
    kind: str, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert faults({"id": kind, "kpi": kind, "input": given, "expected": expected, "tolerance": 6e-5}) == []


def test_all_but_three_kinds_are_built() -> None:
    assert {case["kpi"] for case in CASES} - KINDS.keys() == NOT_BUILT.keys()


def test_what_is_built_is_not_listed_as_missing() -> None:
    assert not KINDS.keys() & NOT_BUILT.keys()


def run(path: Path) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.oracles", str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)


def test_a_figure_that_is_off_is_named_and_fails_the_run(tmp_path: Path) -> None:
    case = {"id": "mine", "kpi": "nps", "input": {"scores": [10, 8]}, "expected": {"nps": 49}, "tolerance": 0.5}
    strange = {**case, "id": "strange", "input": {}}
    later = {**case, "id": "later", "kpi": "tea_per_client"}
    (tmp_path / "some.json").write_text(json.dumps([case, strange, later]), encoding="utf-8")
    done = run(tmp_path / "some.json")
    assert done.returncode == 1
    assert "mine: nps should be 49, is 50.0" in done.stdout
    assert "strange: its input is not understood" in done.stdout
    assert "later: skipped, nothing is known of its kind" in done.stdout
    assert done.stdout.splitlines()[-1] == "0 passed, 2 failed, 1 skipped"


def test_our_own_copy_passes_from_the_command_line() -> None:
    done = run(FILE)
    assert done.returncode == 0
    assert re.search(r"^[0-9]+ passed, 0 failed, [0-9]+ skipped$", done.stdout.splitlines()[-1])
