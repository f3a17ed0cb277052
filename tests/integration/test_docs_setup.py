"""What docs/slack-setup.md tells an operator to do, done."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.manifest import scopes
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store import accounts
from kpi.store.store import open_store
from tests.builders import at, policy
from tests.fakes import FakeNow

PAGE = (Path(__file__).parents[2] / "docs/slack-setup.md").read_text(encoding="utf-8")
NOW = FakeNow(at("2026-10-05"))


@pytest.mark.parametrize("workspace_exists", [False, True])
def test_the_rows_of_the_page_make_a_client_that_can_be_asked_and_counts_in_churn(
    migrated_url: str, workspace_exists: bool
) -> None:
    engine = create_engine(migrated_url)
    if workspace_exists:
        open_store(engine, NOW())
    script = re.search(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    assert script
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(script[1])
    store = open_store(engine, NOW())
    with store.transaction() as tx:
        found = accounts.by_channel(tx, "C0ACME")
        assert found
        assert found.owner
        assert found.owner.slack_user_id == "U0ANNA"
        assert [contact.name for contact in accounts.contacts(tx, found.id)] == ["Carla Client"]
    churn = Reports(store, policy(), NOW).answer(Question("churn", "2026-Q3"))
    assert (churn.value, churn.n) == (0, 1)
    engine.dispose()


def test_the_page_says_why_the_app_asks_for_each_scope_and_for_no_other() -> None:
    told = PAGE.split("| scope | why |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z]+:[a-z]+|commands)`", told)) == {*scopes(), "connections:write"}
