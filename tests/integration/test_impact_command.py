"""What a change came to, as an operator asks for it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.cli.impacts import show_impact
from bot.cli.session import console, read_settings
from bot.clock import utc_now
from kpi.services.impacts import ImpactWish
from kpi.store.store import Store
from tests.builders import Portfolio


@pytest.fixture(autouse=True)
def desk(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "width", 160)  # COLUMNS is read once, when it is made
    for name, value in (("DATABASE_URL", migrated_url), ("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)
    return store


def listed(*words: str) -> str:
    ended = CliRunner().invoke(cli, ["impact", "list", *words], env={"COLUMNS": "160"})
    assert ended.exit_code == 0, ended.output
    return ended.output.strip()


def test_a_change_is_shown_to_people_and_to_programs(desk: Store, capsys: pytest.CaptureFixture[str]) -> None:
    Portfolio(desk).answers([5] * 9 + [1], "2025-03-10")
    wish = ImpactWish("new [portal]", "2025-03-01", ("csat", "churn"))
    show_impact(read_settings(), desk, wish, json=True)
    document = json.loads(capsys.readouterr().out)
    assert [(check["months"], check["complete"], len(check["kpis"])) for check in document["checks"]] == [
        (1, True, 2),
        (3, True, 2),
    ]
    show_impact(read_settings(), desk, wish, json=False)
    said = capsys.readouterr().out
    assert "“new [portal]” on Mar 1, 2025" in said
    churn = " ".join(next(line for line in said.splitlines() if "Client churn" in line).split())
    assert churn == "Client churn no value (n = 0) no value (n = 0) No account was active on 1 March 2025."
    show_impact(read_settings(), desk, wish, json=True)
    assert json.loads(capsys.readouterr().out) == document


def test_the_list_tells_every_marker_with_its_state_and_results(
    desk: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listed() == "No change is looked at; `kpibot kpi --impact WHAT DATE` begins."
    assert json.loads(listed("--json")) == []
    week_ago = f"{utc_now() - timedelta(days=7):%Y-%m-%d}"
    for what, day in (("old portal", "2025-03-01"), ("new portal", week_ago)):
        show_impact(read_settings(), desk, ImpactWish(what, day, ("csat",)), json=True)
    capsys.readouterr()
    new, old = json.loads(listed("--json"))
    assert {name: new[name] for name in ("what", "state", "keys", "created_by")} == {
        "what": "new portal", "state": "open", "keys": ["csat"], "created_by": "command line",
    }  # fmt: skip
    assert [check["kpis"] for check in new["checks"]] == [[], []]
    assert (old["state"], [len(check["kpis"]) for check in old["checks"]]) == ("done", [1, 1])
    header, first, second = listed().splitlines()
    assert header.split() == ["Change", "Day", "For", "One", "month", "Three", "months"]
    assert "closes on" in first
    assert second.split()[:2] == ["old", "portal"]
