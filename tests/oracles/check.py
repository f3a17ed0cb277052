"""Cases against their expected figures."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.oracles.given import Figures
from tests.oracles.kinds import KINDS, NOT_BUILT


def near(found: Any, expected: Any, tolerance: float) -> bool:
    """Equal within the tolerance; lists and objects part by part, null only to null."""
    if isinstance(expected, dict):
        return isinstance(found, Mapping) and all(near(found.get(key), expected[key], tolerance) for key in expected)
    if isinstance(expected, list):
        pairs = zip(found, expected, strict=False) if isinstance(found, list) else ()
        return isinstance(found, list) and len(found) == len(expected) and all(near(*p, tolerance) for p in pairs)
    if expected is None or not isinstance(found, int | float):
        return bool(found == expected)
    return bool(abs(found - expected) <= tolerance + 1e-12)


def faults(case: Figures) -> list[str]:
    """What is wrong with one case, one sentence each; empty when every expected figure is met."""
    tolerance = case["tolerance"]
    try:
        found = KINDS[case["kpi"]](case["input"])
    except (KeyError, StopIteration, TypeError, ValueError, ZeroDivisionError) as fault:
        return [f"{case['id']}: its input is not understood: {fault!r}"]
    return [
        f"{case['id']}: {name} should be {expected}, is {found.get(name)}"
        for name, expected in case["expected"].items()
        if not near(found.get(name), expected, tolerance[name] if isinstance(tolerance, dict) else tolerance)
    ]


def report(path: Path) -> tuple[list[str], bool]:
    """Every fault, every case passed over and the counts, a line each; whether nothing failed."""
    cases = json.loads(path.read_text(encoding="utf-8"))
    built, others = ([case for case in cases if (case["kpi"] in KINDS) is known] for known in (True, False))
    wrong = [found for case in built if (found := faults(case))]
    lines = [line for found in wrong for line in found]
    lines += [f"{case['id']}: skipped, {NOT_BUILT.get(case['kpi'], 'nothing is known of its kind')}" for case in others]
    lines.append(f"{len(built) - len(wrong)} passed, {len(wrong)} failed, {len(others)} skipped")
    return lines, not wrong
