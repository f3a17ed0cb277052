"""Where measurements happen: folders that vanish, and the variables of a bot in the local Slack."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.server import Sandbox

_OURS = re.compile(r"SLACK_|KPIBOT_|DATABASE_URL")


@contextmanager
def new_folder() -> Iterator[Path]:
    """An empty folder, gone afterwards; open enough for the bundled PostgreSQL's own user."""
    with TemporaryDirectory(prefix="kpibot-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


def variables(slack: Sandbox, folder: Path) -> dict[str, str]:
    """The environment of a bot as shipped: bundled PostgreSQL, default configuration, Socket Mode."""
    config = slack.slack.config
    return bare_variables(folder) | {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": config.bot_token,
        "SLACK_APP_TOKEN": config.app_token,
        "SLACK_SIGNING_SECRET": config.signing_secret,
    }


def bare_variables(folder: Path) -> dict[str, str]:
    """The same without a Slack: enough for commands that need none."""
    inherited = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
    return inherited | {"KPIBOT_DATA": str(folder / "data"), "KPIBOT_PORT": "0"}
