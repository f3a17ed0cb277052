"""Facts in, the whole JSON document out, against figures worked out by hand."""

import json
from math import isclose
from pathlib import Path
from typing import Any

import pytest
import yaml

from kpi.facts import Facts
from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.model import Scope
from kpi.periods import parse
from tests.portfolio import AS_OF, BERLIN, definition, facts

CASES = yaml.safe_load((Path(__file__).parent / "kpis.yaml").read_text(encoding="utf-8"))
KPIS = {kpi.key: kpi for kpi in CATALOG}


def given(case: dict[str, Any]) -> Facts:
    observed = case.get("observed_from", {})
    return facts(
        accounts=[(number, name, observed.get(number)) for number, name in case.get("accounts", {}).items()],
        terms=[tuple(term) for term in case.get("terms", ())],
        answers=[
            (account, f"{account}/{person}", batch["instrument"], score, batch["at"])
            for batch in case.get("answers", ())
            for account, scores in batch["scores"].items()
            for person, score in enumerate(scores)
        ],
    )


def same(found: Any, expected: Any) -> bool:
    """Equal to the last digit a double is sure of."""
    if isinstance(expected, dict):
        return list(found) == list(expected) and all(same(found[name], expected[name]) for name in expected)
    if isinstance(expected, float):
        return isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)
    return bool(found == expected and type(found) in (type(expected), float))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_document_is_the_one_worked_out_by_hand(case: dict[str, Any]) -> None:
    kpi = KPIS[case["kpi"]]
    period = parse(str(case["period"]), as_of=AS_OF, zone=BERLIN)
    judged = definition(kpi.key, better=kpi.better, target=case.get("target"))
    document = to_json(evaluate(kpi, judged, given(case), period, Scope()))
    assert list(document) == list(case["expected"])
    wrong = {name: document[name] for name, value in case["expected"].items() if not same(document[name], value)}
    assert wrong == {}
    json.dumps(document, allow_nan=False)
