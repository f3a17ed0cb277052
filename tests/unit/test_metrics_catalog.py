"""KPIs are found by what people call them, and say what they need."""

import subprocess
import sys
from datetime import date

import pytest

from kpi.errors import UnknownWord
from kpi.facts import COLUMNS, Facts, frame
from kpi.metrics.catalog import CATALOG, find
from kpi.metrics.evaluate import measures
from kpi.periods import parse, previous
from tests.portfolio import AS_OF, BERLIN, definition

DEFINITIONS = {
    "csat": definition("csat", label="Client satisfaction", synonyms=("satisfaction", "happy clients")),
    "nps": definition("nps", label="Net promoter score"),
    "churn": definition("churn", label="Client churn", synonyms=("lost clients",)),
}


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("csat", "csat"),
        (" CSAT ", "csat"),
        ("client satisfaction", "csat"),
        ("Happy-Clients", "csat"),
        ("net_promoter  score", "nps"),
        ("lost clients", "churn"),
    ],
)
def test_a_kpi_is_found_by_key_label_or_synonym(word: str, key: str) -> None:
    assert find(word, DEFINITIONS).key == key


@pytest.mark.parametrize(("word", "nearest"), [("csta", "csat"), ("chrun", "churn"), ("npss", "nps")])
def test_a_slip_gets_the_nearest_kpi(word: str, nearest: str) -> None:
    with pytest.raises(UnknownWord, match=f"Did you mean {nearest}") as slip:
        find(word, DEFINITIONS)
    assert slip.value.nearest[0] == nearest


def test_what_nothing_resembles_gets_the_list() -> None:
    with pytest.raises(UnknownWord, match="There are: csat, nps, churn"):
        find("zzzz", DEFINITIONS)


def test_a_kpi_without_a_definition_is_not_offered() -> None:
    with pytest.raises(UnknownWord):
        find("nps", {"csat": DEFINITIONS["csat"]})


def test_every_kpi_has_a_default_period_and_known_needs() -> None:
    for kpi in CATALOG:
        assert parse(kpi.base.period, as_of=AS_OF, zone=BERLIN).start < date(2026, 10, 1)
        assert kpi.base.frames <= set(COLUMNS)
        period = parse(kpi.base.period, as_of=AS_OF, zone=BERLIN)
        (measure,) = measures(kpi, definition(kpi.key), Facts(AS_OF, BERLIN), [period])
        assert (measure.value, measure.n, measure.usable) == (None, 0, False)


def test_the_window_reaches_over_the_previous_period() -> None:
    period = parse("last 90 days", as_of=AS_OF, zone=BERLIN)
    earlier = previous(period, date(2026, 10, 1))
    assert CATALOG[0].base.window(period, earlier) == (date(2026, 4, 5), date(2026, 10, 2))


def test_frames_have_their_types_also_when_empty() -> None:
    for table, types in COLUMNS.items():
        assert dict(frame(table).dtypes.astype(str)) == types


def test_reading_the_catalog_loads_no_heavy_library() -> None:
    heavy = "{'pandas', 'numpy', 'scipy', 'statsmodels'}"
    code = f"import sys, kpi.metrics.evaluate; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
