"""Two programs, one answer: the engine on a real database beside plain loops over the same files."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from kpi.store.store import Store
from kpi.store.tables import workspace
from tests.reference import CATALOG
from tests.reference.portfolios import portfolios, questions, write
from tests.second_opinion import NOW, Asked, imported

pytestmark = pytest.mark.timeout(600)
EVENLY = settings(
    max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True, phases=(Phase.explicit, Phase.generate)
)
"""A failure is told as it was found: to make a portfolio smaller takes a database for every try."""


def tenant(engine: Engine) -> Store:
    """A workspace of an example's own."""
    with engine.begin() as connection:
        made = insert(workspace).values(name="workspace", created_at=NOW).returning(workspace.c.workspace_id)
        return Store(engine, connection.execute(made).scalar_one())


@EVENLY
@given(st.data())
def test_the_engine_and_plain_loops_agree_on_every_kpi(shared_engine: Engine, data: st.DataObject) -> None:
    portfolio = data.draw(portfolios(12))
    asked = [data.draw(questions(portfolio, key)) for key in CATALOG]
    with tempfile.TemporaryDirectory() as folder:
        write(portfolio, Path(folder))
        bench = imported(Path(folder), portfolio.settings, tenant(shared_engine))
        found = [
            line
            for one in asked
            for line in bench.differences(Asked(one.key, one.period, portfolio.as_of, one.scope, one.variant))
        ]
    assert found == []
