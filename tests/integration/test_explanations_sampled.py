"""Every KPI of a sample portfolio explained, as a document and for people."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.blocks.explain_view import explain_view
from bot.blocks.reader import Reader
from kpi.metrics.catalog import CATALOG
from kpi.metrics.document import to_json
from kpi.services.explanations import explain
from kpi.services.questions import Question
from kpi.services.reports import Reports
from tests.builders import BERLIN
from tests.sample_portfolio import sample_reports
from tests.unit.test_console import shown

WAYS = [(kpi.key, way) for kpi in CATALOG for way in kpi.variants or [None]]
EUROS = Reader("en", BERLIN, "EUR")


@pytest.fixture(scope="module")
def sample(shared_engine: Engine) -> Iterator[Reports]:
    with sample_reports(shared_engine) as reports:
        yield reports


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(filter(None, way)))
def test_every_kpi_is_explained_as_a_document_and_for_people(sample: Reports, way: tuple[str, str | None]) -> None:
    key, variant = way
    found = explain(sample, Question(key, variant=variant))
    document = found.document()
    assert {name: document[name] for name in document if name != "explain"} == to_json(found.value)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    told = document["explain"]
    assert " ".join(told) == "formula variants lists exclusions interval period as_of good freshness"
    assert bool(told["lists"]) is (document["status"] != "insufficient")
    assert all(len(each["rows"]) == min(each["count"], 20) for each in told["lists"])
    assert all(each["count"] - len(each["rows"]) == each["more"] for each in told["lists"])
    said = shown(explain_view(found, EUROS), 80)
    assert "_" not in said
    assert max(map(len, said.splitlines())) <= 80


def test_the_variant_taken_and_the_others_have_their_formulas(sample: Reports) -> None:
    found = explain(sample, Question("clv", variant="historic"))
    assert list(found.variants) == ["historic", "survival", "formula"]
    assert found.value.formula == found.variants["historic"] != found.variants["survival"]
    assert "Or by survival" in shown(explain_view(found, EUROS))
