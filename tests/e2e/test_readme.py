"""What the README tells a stranger to type, typed."""

import os
import re
import subprocess
import textwrap
from pathlib import Path

import pytest

from sandbox.client import Control
from sandbox.server import SandboxConfig, start
from tests.bots import ROOT, Program, started

PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
PATH = PAGE.split("## Your own numbers")[1].split("\n## ")[0]
STEPS = [textwrap.dedent(block) for block in re.findall(r" *```sh\n(.*?)```", PATH, re.DOTALL)]


@pytest.fixture
def stranger(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has just installed it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "KPIBOT_"))}
    scripts = f"{ROOT / '.venv/bin'}:/usr/bin:/bin"
    return {**inherited, "PATH": scripts, "DATABASE_URL": database_url, "KPIBOT_DATA": str(tmp_path / "data")}


def typed(script: str, environ: dict[str, str], folder: Path) -> str:
    done = subprocess.run(["/bin/bash", "-euc", script], cwd=folder, env=environ, capture_output=True, text=True,
                          timeout=90, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(240)
def test_the_way_from_a_template_to_the_first_churn_in_slack(stranger: dict[str, str], tmp_path: Path) -> None:
    install, write, ask, slack = STEPS
    typed("kpibot migrate", stranger, tmp_path)
    typed(install.split("activate\n")[1], stranger, tmp_path)
    assert (tmp_path / "template/accounts.csv").exists()
    typed(write, stranger, tmp_path)
    told = typed(ask, stranger, tmp_path)
    assert told.count("accounts.csv") == 2
    assert "This was a dry run" in told
    assert "Client churn 10% in the last 12 months" in told
    tokens = dict(re.findall(r"(SLACK_(?:BOT|APP)_TOKEN)=(\S+)", slack))
    config = SandboxConfig()
    assert tokens == {"SLACK_BOT_TOKEN": config.bot_token, "SLACK_APP_TOKEN": config.app_token}
    with start() as local, Control(local.url) as control:
        program = Program({**stranger, **tokens, "SLACK_API_URL": local.api_url, "KPIBOT_PORT": "0"}, tmp_path)
        with started(program.launch()) as (bot,):
            bot.ready()
            answer = control.post("command", channel="C0TEAM", user="U0ANNA", command="/kpi", text="churn")
    assert answer["ack"]["body"]["text"].startswith("*Client churn 10%* in the last 12 months")
