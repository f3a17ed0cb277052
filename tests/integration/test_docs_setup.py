"""What docs/slack-setup.md tells an operator to do, done."""

import os
import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine

from bot.manifest import scopes
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store import accounts
from kpi.store.store import open_store
from tests.builders import at, policy
from tests.fakes import FakeNow
from tests.forms import FORMS

PAGE = (Path(__file__).parents[2] / "docs/slack-setup.md").read_text(encoding="utf-8")
NOW = FakeNow(at("2026-10-05"))


def test_the_files_of_the_page_make_a_client_that_can_be_asked_and_counts_in_churn(
    migrated_url: str, tmp_path: Path
) -> None:
    (script,) = [block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "kpibot import clients" in block]
    here = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "DATABASE_URL": migrated_url}
    done = subprocess.run(
        ["/bin/bash", "-euc", script],
        cwd=tmp_path,
        env={**os.environ, **here},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    engine = create_engine(migrated_url)
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


def test_the_page_names_the_forms_fields_as_the_form_does() -> None:
    fields = {block["label"]["text"] for block in FORMS["account_new"]["blocks"] if block["type"] == "input"}
    said = re.search(r"\*\*In Slack\.\*\*(.*?)\*\*From files\*\*", PAGE, re.DOTALL)
    assert said
    told = {
        name
        for line in re.findall(r"^- (\*[^:]*\*):", said[1], re.MULTILINE)
        for name in re.findall(r"\*([^*]+)\*", line)
    }
    assert {"Owner", "First day of service"} <= told <= fields


def test_the_page_says_why_the_app_asks_for_each_scope_and_for_no_other() -> None:
    told = PAGE.split("| scope | why |")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z]+:[a-z]+|commands)`", told)) == {*scopes(), "connections:write"}
