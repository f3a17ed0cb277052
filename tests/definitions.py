"""What each shipped definition means, as digests by version: `python -m tests.definitions` adds new versions.

A digest covers unit, better, variant, min_n, the interval's method and the formulas. A version that is written down is
never written anew: figures were published by it.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from bot.settings import load
from kpi.metrics.catalog import CATALOG
from kpi.metrics.kpi import Kpi
from kpi.policy import KpiDefinition

FILE = Path(__file__).parent / "golden" / "definitions.json"
Written = Mapping[str, Mapping[str, str]]


def written() -> Written:
    """Of each KPI the digest of every version that was shipped."""
    found: Written = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def shipped() -> Mapping[str, KpiDefinition]:
    """The definitions of this program."""
    return load({"KPIBOT_CONFIG": ""}, FILE.parent).policy.kpis


def digest(kpi: Kpi, definition: KpiDefinition) -> str:
    """Of what the KPI's figures mean."""
    judged = (definition.unit, definition.better, definition.variant, definition.min_n, kpi.doubt.interval)
    means = [*judged, definition.formula, sorted(definition.variants.items())]
    return sha256(json.dumps(means).encode()).hexdigest()[:16]


def digests(definitions: Mapping[str, KpiDefinition]) -> Written:
    """The present version of every KPI with its digest."""
    by_key = {kpi.key: kpi for kpi in CATALOG}
    return {key: {str(each.definition_version): digest(by_key[key], each)} for key, each in definitions.items()}


def faults(known: Written, definitions: Mapping[str, KpiDefinition]) -> list[str]:
    """What is wrong with these definitions, given what was shipped before."""
    found = []
    for key, now in digests(definitions).items():
        ((version, means),) = now.items()
        versions = known.get(key, {})
        if version not in versions:
            found.append(f"{key}: version {version} is not written down; run python -m tests.definitions")
        elif versions[version] != means:
            found.append(f"{key}: is defined otherwise; raise definition_version above {max(map(int, versions))}")
    return found


if __name__ == "__main__":
    old, new = written() if FILE.exists() else {}, digests(shipped())
    both = {key: {**new[key], **old.get(key, {})} for key in new}
    FILE.write_text(json.dumps(both, indent=1, sort_keys=True) + "\n", encoding="utf-8")
