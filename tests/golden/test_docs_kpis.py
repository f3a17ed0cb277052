"""The worked examples of docs/kpis.md, computed: what the page says is what people get."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import load
from kpi.facts import Facts
from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import to_json
from kpi.metrics.evaluate import evaluate
from kpi.model import Scope
from kpi.periods import parse
from tests.portfolio import AS_OF, BERLIN, facts

PAGE = (Path(__file__).parents[2] / "docs/kpis.md").read_text(encoding="utf-8")
EXAMPLES = [
    yaml.safe_load(block) for block in re.findall(r"^```yaml example\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
]
KPIS = {kpi.key: kpi for kpi in CATALOG}
SHOWN_DIGITS = 2


def known(example: dict[str, Any]) -> Facts:
    """The facts of an example: scores by day and account, one person each; terms as first..end."""
    terms, asked = example.get("terms", {}), example.get("answers", {})
    numbers = dict(zip(dict.fromkeys([*terms, *(name for day in asked.values() for name in day)]), count(1)))
    return facts(
        accounts=[(number, name, None) for name, number in numbers.items()],
        terms=[(numbers[name], *days(term)) for name, listed in terms.items() for term in listed],
        answers=[
            (numbers[name], f"{name}/{person}", example["kpi"], score, datetime.combine(day, time(12), UTC))
            for day, accounts in asked.items()
            for name, scores in accounts.items()
            for person, score in enumerate(scores)
        ],
    )


def days(term: str) -> Iterator[date | None]:
    return (date.fromisoformat(day) if day else None for day in term.split(".."))


def unequal(found: Any, expected: Any) -> bool:
    """Not the same to the digits shown."""
    if isinstance(expected, dict):
        return any(unequal(found[name], value) for name, value in expected.items())
    if isinstance(expected, float):
        return bool(round(found, SHOWN_DIGITS) != expected)
    return bool(found != expected)


def test_the_page_works_an_example_of_every_kpi() -> None:
    assert {example["kpi"] for example in EXAMPLES} == set(KPIS)
    assert all(f"## `{key}`" in PAGE for key in KPIS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['kpi']} {example['period']}")
def test_a_worked_example_comes_out_as_written(example: dict[str, Any], tmp_path: Path) -> None:
    kpi = KPIS[example["kpi"]]
    period = parse(str(example["period"]), as_of=AS_OF, zone=BERLIN)
    shipped = load({}, cwd=tmp_path).policy.kpis[kpi.key]
    document = to_json(evaluate(kpi, shipped, known(example), period, Scope()))
    wrong = {name: document[name] for name, value in example["expected"].items() if unequal(document[name], value)}
    assert wrong == {}


@pytest.mark.parametrize("words", re.findall(r"`([^`]+)`", PAGE.split("| you write |")[1].split("\n\n")[0]))
def test_a_period_the_page_names_is_understood(words: str) -> None:
    understood = partial(parse, as_of=AS_OF, zone=BERLIN, fiscal_year_start=10)
    assert understood(words).start < understood(words).end
