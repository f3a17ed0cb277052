"""The worked examples of docs/kpis.md and its pages, computed: what they say is what people get."""

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.model import Scope
from kpi.periods import parse
from tests.examples import KPIS, in_use, known, kpi_of, period_of, policy_of, shipped
from tests.portfolio import AS_OF, BERLIN

DOCS = Path(__file__).parents[2] / "docs"
INDEX = (DOCS / "kpis.md").read_text(encoding="utf-8")
PAGES = [INDEX, *(page.read_text(encoding="utf-8") for page in sorted((DOCS / "kpis").glob("*.md")))]
SECTIONS = {
    found[1]: found[0]
    for page in PAGES
    for found in re.finditer(r"^## `(\w+)`.*?(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
}
SHOWN_DIGITS = 2


def examples(text: str) -> list[dict[str, Any]]:
    return [
        yaml.safe_load(block) for block in re.findall(r"^```yaml example\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    ]


EXAMPLES = [example for page in PAGES for example in examples(page)]


def unequal(found: Any, expected: Any) -> bool:
    """Not the same to the digits shown."""
    if isinstance(expected, dict):
        return found is None or any(unequal(found[name], value) for name, value in expected.items())
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        return found is None or bool(round(found, SHOWN_DIGITS) != expected)
    return bool(found != expected)


def test_every_kpi_has_a_section_that_works_an_example_of_it() -> None:
    assert {key: {each["kpi"] for each in examples(text)} for key, text in SECTIONS.items()} == {k: {k} for k in KPIS}
    ways = {(each["kpi"], each.get("variant", KPIS[each["kpi"]].variant)) for each in EXAMPLES}
    assert ways == {(key, way) for key, kpi in KPIS.items() for way in kpi.variants or [None]}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['kpi']} {example['period']}")
def test_a_worked_example_comes_out_as_written(example: dict[str, Any], tmp_path: Path) -> None:
    kpi, policy = kpi_of(example), policy_of(example, tmp_path)
    found = evaluate(kpi, policy.kpis[kpi.key], known(example, policy), period_of(example), Scope())
    document = to_json(found)
    wrong = {name: document[name] for name, value in example["expected"].items() if unequal(document[name], value)}
    assert wrong == {}


@pytest.mark.parametrize("words", re.findall(r"`([^`]+)`", INDEX.split("| you write |")[1].split("\n\n")[0]))
def test_a_period_the_page_names_is_understood(words: str) -> None:
    understood = partial(parse, as_of=AS_OF, zone=BERLIN, fiscal_year_start=10)
    assert understood(words).start < understood(words).end


@pytest.mark.parametrize("key", sorted(in_use()))
def test_the_page_says_which_period_a_kpi_has_when_none_is_named(key: str) -> None:
    (row,) = re.findall(rf"^\| \[`{key}`.*$", INDEX, re.MULTILINE)
    assert f"| {shipped().kpis[key].windows[0]} |" in row
