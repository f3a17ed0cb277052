"""A slash command handed to a Bolt app in this process: what it acks, and how long that takes."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from sandbox.delivery import sign
from sandbox.server import Sandbox


@dataclass(frozen=True, slots=True)
class Line:
    """To an app that takes `command`."""

    bolt: App
    command: str
    secret: str

    def call(self, text: str) -> tuple[float, str]:
        """One dispatch of a signed request: milliseconds, and the words of the ack."""
        request = _request(self.command, text, self.secret)
        began = time.perf_counter()
        answer = self.bolt.dispatch(request)
        took = (time.perf_counter() - began) * 1000
        return took, words(answer.body)


def words(body: str) -> str:
    """The text of an ack, which Slack reads aloud."""
    try:
        said = json.loads(body)
    except ValueError:
        return body
    return str(said["text"]) if isinstance(said, dict) else body


def echo(slack: Sandbox) -> Line:
    """A default Bolt app that says what it is told."""
    config = slack.slack.config
    client = WebClient(config.bot_token, base_url=slack.api_url)
    bolt = App(client=client, signing_secret=config.signing_secret, token_verification_enabled=False)

    @bolt.command("/echo")
    def say(ack: Ack, command: dict[str, str]) -> None:
        ack(command["text"])

    return Line(bolt, "/echo", config.signing_secret)


def _request(command: str, text: str, secret: str) -> BoltRequest:
    place = {"team_id": "T0HOME00", "channel_id": "C0TEAM", "user_id": "U0ANNA", "user_name": "anna"}
    asked = {"command": command, "text": text, "trigger_id": f"{time.time_ns()}.1", "api_app_id": "A0KPIBOT"}
    body, timestamp = urlencode({**place, **asked}), str(int(time.time()))
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": sign(secret, timestamp, body),
    }
    return BoltRequest(body=body, headers=headers)
