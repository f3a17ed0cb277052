"""Facts in, the whole JSON document out, against figures worked out by hand."""

import json
from math import isclose
from pathlib import Path
from typing import Any

import pytest
import yaml

from kpi.errors import KpiError
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.model import Scope
from tests.examples import KPIS, in_use, known, kpi_of, period_of, policy_of
from tests.portfolio import definition

FILES = sorted((Path(__file__).parent / "kpis").glob("*.yaml"))
CASES = [case for file in FILES for case in yaml.safe_load(file.read_text(encoding="utf-8"))]
WHOLE = [case for case in CASES if "expected" in case]
PARTLY = [case for case in CASES if "said" in case]
FAULTY = [case for case in CASES if "fault" in case]


def document(case: dict[str, Any], folder: Path) -> dict[str, Any]:
    kpi, policy = kpi_of(case), policy_of(case, folder)
    judged = definition(kpi.key, better=kpi.better, target=case.get("target"))
    return to_json(evaluate(kpi, judged, known(case, policy), period_of(case), Scope()))


def written(case: dict[str, Any]) -> dict[str, Any]:
    """The document a case expects, with what is the same in most filled in."""
    key = case["kpi"]
    usual = {
        "key": key,
        "label": key.upper(),
        "scope": {"kind": "workspace", "name": None},
        "reason": None,
        "change": None,
        "target": None,
        "details": {},
        "formula": f"the {key} formula",
        "exclusions": [],
        "definition_version": 1,
        "as_of": "2026-10-01T12:00:00Z",
    }
    return {**usual, **case["expected"]}


def same(found: Any, expected: Any, tolerance: float = 1e-12) -> bool:
    """Equal to the last digit a double is sure of."""
    if isinstance(expected, dict):
        return list(found) == list(expected) and all(same(found[name], expected[name], tolerance) for name in expected)
    if isinstance(expected, float):
        return found is not None and isclose(found, expected, rel_tol=tolerance, abs_tol=1e-12)
    return bool(found == expected and type(found) in (type(expected), float))


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case["name"])
def test_the_document_is_the_one_worked_out_by_hand(case: dict[str, Any], tmp_path: Path) -> None:
    found, expected = document(case, tmp_path), written(case)
    assert set(found) == set(expected)
    tolerance = case.get("tolerance", 1e-12)
    assert {name: found[name] for name, value in expected.items() if not same(found[name], value, tolerance)} == {}
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("case", PARTLY, ids=lambda case: case["name"])
def test_what_is_no_value_says_why(case: dict[str, Any], tmp_path: Path) -> None:
    found = document(case, tmp_path)
    assert {name: found[name] for name, value in case["said"].items() if not same(found[name], value)} == {}
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case["name"])
def test_a_fault_a_person_can_mend_names_what_is_missing(case: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(KpiError) as caught:
        document(case, tmp_path)
    assert str(caught.value) == case["fault"]


def test_every_kpi_in_use_and_every_way_to_measure_it_has_a_document_worked_out_by_hand() -> None:
    ways = {(case["kpi"], case.get("variant", KPIS[case["kpi"]].variant)) for case in WHOLE}
    assert ways >= {(key, way) for key in in_use() for way in KPIS[key].variants or [None]}


def test_every_kpi_in_use_says_without_a_value_why_in_a_sentence_that_is_checked() -> None:
    said = {case["kpi"] for case in CASES if case.get("said", case.get("expected", {})).get("status") == "undefined"}
    assert said >= in_use()
