"""Two programs, one answer: the engine on a real database beside plain loops over the same files."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from kpi.store.store import Store
from kpi.store.tables import workspace
from tests.fuzzing import examples, look
from tests.reference import CATALOG
from tests.reference.portfolios import portfolios, questions, write
from tests.second_opinion import NOW, Asked, imported

pytestmark = pytest.mark.timeout(600)


def tenant(engine: Engine) -> Store:
    """A workspace of an example's own."""
    with engine.begin() as connection:
        made = insert(workspace).values(name="workspace", created_at=NOW).returning(workspace.c.workspace_id)
        return Store(engine, connection.execute(made).scalar_one())


@examples(14, 120)
def test_the_engine_and_plain_loops_agree_on_every_kpi(shared_engine: Engine, count: int) -> None:
    @given(st.data())
    def holds(data: st.DataObject) -> None:
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

    look(holds, count)
