"""`kpibot rebuild`: what follows from the rows is made anew, and what differed is told."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update
from typer.testing import CliRunner

from bot.cli import cli
from kpi.services.questions import Question
from kpi.services.rebuilding import Difference, Rebuilding
from kpi.store import tables
from kpi.store.store import Store
from tests.asking import at_home
from tests.builders import BERLIN
from tests.office import workspace
from tests.sample_portfolio import sample_reports


def damaged(store: Store) -> None:
    """A day counts too many meetings, another has vanished, and a packed day lost its last bytes."""
    with store.transaction() as tx:
        row = tables.account_day.c
        days = tx.rows(tables.account_day.select().where(tx.mine(tables.account_day), row.interactions > 0))
        one, other = days[0], days[-1]
        for each, change in ((one, {"meetings": one["meetings"] + 7}),):
            here = (tx.mine(tables.account_day), row.account_id == each["account_id"], row.day == each["day"])
            tx.run(update(tables.account_day).where(*here).values(**change))
        gone = (tx.mine(tables.account_day), row.account_id == other["account_id"], row.day == other["day"])
        tx.run(delete(tables.account_day).where(*gone))
        packed = (tx.mine(tables.fact_day), tables.fact_day.c.frame == "episodes", tables.fact_day.c.packed != b"")
        tx.run(update(tables.fact_day).where(*packed).values(packed=b""))


def test_everything_that_differs_is_told_once_and_put_right(shared_engine: Engine) -> None:
    with sample_reports(shared_engine, accounts=6, months=4) as reports:
        rebuilding = Rebuilding(reports.store, reports.policy.workspace.timezone)
        before = reports.answer(Question("response_time", "last quarter"))
        assert rebuilding.run() == []
        damaged(reports.store)
        found = rebuilding.run()
        assert {difference.what for difference in found} >= {"meetings", "interactions", "packed episodes"}
        (meetings,) = [each for each in found if each.what == "meetings" and (each.stored or 0) > (each.counted or 0)]
        assert (meetings.stored or 0) - (meetings.counted or 0) == 7
        assert rebuilding.run() == []
        assert reports.answer(Question("response_time", "last quarter")).value == before.value


def test_days_of_another_workspace_are_left_alone(shared_engine: Engine) -> None:
    with sample_reports(shared_engine, accounts=3, months=2) as reports:
        damaged(reports.store)
        assert Rebuilding(workspace(shared_engine), BERLIN).run() == []
        assert Rebuilding(reports.store, BERLIN).run() != []


def test_the_command_says_what_it_found(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(store.engine.url.render_as_string(hide_password=False), tmp_path, monkeypatch)
    told = CliRunner().invoke(cli, ["rebuild"])
    assert (told.exit_code, told.stdout) == (0, "Nothing differs: what is kept is what the rows say.\n")
    with store.transaction() as tx:
        account = tx.insert(tables.account, {"key": "acme", "name": "Acme"})["account_id"]
        tx.insert(tables.account_day, {"account_id": account, "day": date(2026, 9, 1), "interactions": 3})
    told = CliRunner().invoke(cli, ["rebuild", "--json"])
    difference = {"what": "interactions", "day": "2026-09-01", "account": "acme", "stored": 3, "counted": 0}
    assert json.loads(told.stdout) == {"differences": [difference]}
    assert "Nothing differs" in CliRunner().invoke(cli, ["rebuild"]).stdout


def test_a_difference_is_a_plain_document() -> None:
    day = date(2026, 9, 1) + timedelta(days=1)
    assert Difference("packed usage", day).document() == {
        "what": "packed usage", "day": "2026-09-02", "account": None, "stored": None, "counted": None,
    }  # fmt: skip
