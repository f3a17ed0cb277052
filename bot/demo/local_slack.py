"""The local Slack of the demo: a process of its own, and what people do in it."""

import json
import secrets
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from bot.demo.patience import Missed
from kpi.errors import KpiError

START_SECONDS = 30

Message = dict[str, Any]
View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Secrets:
    """Made up for one run; they open nothing but its own local Slack."""

    bot_token: str = field(default_factory=lambda: f"xoxb-demo-{secrets.token_hex(8)}")
    app_token: str = field(default_factory=lambda: f"xapp-demo-{secrets.token_hex(8)}")
    signing_secret: str = field(default_factory=partial(secrets.token_hex, 16))


class LocalSlack:
    """Does what a person does, through the sandbox's control API, and looks at what they see."""

    def __init__(self, url: str, api_url: str) -> None:
        self.url, self.api_url = url, api_url
        self._control = httpx.Client(base_url=f"{url}/_control/", trust_env=False, timeout=15)

    def close(self) -> None:
        """Let the connection go."""
        self._control.close()

    def does(self, act: str, **body: Any) -> dict[str, Any]:
        """A person acts; `view` is the modal before them then, `ephemeral` what only they came to see.

        Missed when Slack refuses, or when the bot does not acknowledge in time.
        """
        outcome: dict[str, Any] = self._answer(partial(self._control.post, act, json=body))
        if error := (outcome.get("ack") or {}).get("error"):
            raise Missed(f"The bot did not answer “{act}” of {body['user']} well: {error}.")
        return outcome

    def messages(self, channel: str) -> list[Message]:
        """A channel's messages, oldest first; of a user id, those of their conversation with the bot."""
        found: list[Message] = self._answer(partial(self._control.get, f"messages/{channel}"))
        return found

    def names(self) -> dict[str, str]:
        """What people and channels are called, by id."""
        world = self._answer(partial(self._control.get, "state"))
        people = {user["id"]: user["real_name"] for user in world["users"]}
        return people | {channel["id"]: f"#{channel['name']}" for channel in world["channels"]}

    @staticmethod
    def _answer(ask: partial[httpx.Response]) -> Any:
        try:
            response = ask()
            body = response.json()
        except (httpx.HTTPError, ValueError) as fault:
            raise Missed(f"The local Slack does not answer: {fault!r}.") from fault
        if response.is_error:
            raise Missed(f"The local Slack refused: {body['error']}")
        return body


@contextmanager
def local_slack(given: Secrets, log: Path) -> Iterator["StartingSlack"]:
    """A local Slack being started; it ends with us, also when we are killed: its standard input closes then."""
    command = [sys.executable, "-m", "sandbox", "--until-stdin-closes"]
    for name in ("bot_token", "app_token", "signing_secret"):
        command += [f"--{name.replace('_', '-')}", getattr(given, name)]
    with log.open("w", encoding="utf-8") as words:
        process = subprocess.Popen(  # noqa: S603 our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, text=True, start_new_session=True
        )
    starting = StartingSlack(process, log)
    try:
        yield starting
    finally:
        starting.end()


@dataclass(slots=True)
class StartingSlack:
    """The process; `ready` waits until it listens."""

    process: subprocess.Popen[str]
    log: Path
    slack: LocalSlack | None = None

    def ready(self) -> LocalSlack:
        """The local Slack, listening. KpiError when it does not come up."""
        said = self.process.stdout
        has_spoken = said is not None and select.select([said], [], [], START_SECONDS)[0]
        line = said.readline() if said and has_spoken else ""
        if not line:
            raise KpiError(f"The local Slack did not start; its log is {self.log}.")
        self.slack = LocalSlack(**json.loads(line))
        return self.slack

    def end(self) -> None:
        """Nothing of it is left on return."""
        if self.slack is not None:
            self.slack.close()
        self.process.kill()  # it keeps nothing that a gentler end would save
        self.process.communicate()
