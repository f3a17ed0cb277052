"""`kpibot target` as an operator calls it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.clock import utc_now
from kpi.errors import KpiError
from kpi.store.store import Store
from tests.builders import BERLIN, Portfolio


@pytest.fixture(autouse=True)
def portfolio(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", migrated_url), ("KPIBOT_CONFIG", "config"), ("KPIBOT_DATA", "data")):
        monkeypatch.setenv(name, value)
    portfolio = Portfolio(store)
    portfolio.account("Acme [R&D]", segment="small", owner_id=portfolio.owner("Anna"))
    return portfolio


def call(*words: str) -> str:
    ended = CliRunner().invoke(cli, ["target", *words], env={"COLUMNS": "120"})
    if isinstance(ended.exception, KpiError):
        return str(ended.exception)
    assert ended.exit_code == 0, ended.output
    return ended.output.strip()


def test_a_target_is_set_listed_and_removed() -> None:
    assert call("set", "csat", "85", "--from", "2026-01-01") == (
        "Target of csat: 85% from Jan 1, 2026 on. Periods that end before keep theirs."
    )
    assert call("set", "nps", "-10", "--account", "acme").startswith("Target of nps for Acme [R&D]: -10 from")
    assert call("remove", "csat", "--segment", "small", "--from", "2026-02-01") == (
        "Target of csat for segment small: none from Feb 1, 2026 on. Periods that end before keep theirs."
    )
    header, *lines = call("list").splitlines()
    assert header.split("  ")[0].strip() == "KPI"
    assert [line.split()[:4] for line in lines] == [
        ["csat", "all", "80%", "kpis.yaml"],
        ["csat", "all", "85%", "Jan"],
        ["csat", "segment", "small", "none"],
        ["nps", "Acme", "[R&D]", "-10"],
    ]


def test_the_json_list_tells_all_there_is_to_tell() -> None:
    call("set", "csat", "82.5", "--owner", "Anna")
    shipped, own = json.loads(call("list", "--json"))
    assert shipped == {
        "kpi": "csat", "scope": {"kind": "workspace", "name": None}, "value": 80.0, "valid_from": None,
        "set_by": "kpis.yaml", "recorded_at": None, "in_force": True,
    }  # fmt: skip
    assert own.pop("recorded_at")
    assert own == {
        "kpi": "csat", "scope": {"kind": "owner", "name": "Anna"}, "value": 82.5,
        "valid_from": f"{utc_now().astimezone(BERLIN):%Y-%m-%d}", "set_by": "command line", "in_force": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("set csat 120", "A target of csat lies between 0 and 100 percent."),
        ("set cast 80", "“cast” is not a KPI I know. Did you mean csat?"),
        ("set csat 80 --from 1.10.2026", '--from: "1.10.2026" is not a day; write it like 2026-10-01.'),
        ("set csat 80 --from 2026-02-30", '--from: "2026-02-30" is not a day; write it like 2026-10-01.'),
        ("remove churn --from 2026-10-05", "churn has no target on 5 October 2026; `kpibot target list` shows all."),
    ],
)
def test_what_cannot_be_is_said_in_one_line(words: str, said: str) -> None:
    assert call(*words.split()) == said


@pytest.mark.parametrize("words", ["set csat 80 --account a --segment b", "set csat", "set csat 80 --form 2026-01-01"])
def test_wrong_usage_is_told_as_such(words: str) -> None:
    assert CliRunner().invoke(cli, ["target", *words.split()]).exit_code == 2
