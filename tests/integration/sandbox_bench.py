"""A real Bolt app with one listener of each kind, on either transport, for trying the sandbox."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Queue
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Control
from sandbox.server import Sandbox
from tests.local_http import Quiet, serving

TRANSPORTS = ("socket", "http")


def text(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


def button(action_id: str, value: str = "1", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": value, "text": text(value), **more}


def actions(*elements: dict[str, Any], block_id: str = "row") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def question(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": text("Question"), "element": element, **more}


def modal(*blocks: dict[str, Any], callback_id: str = "form", **more: Any) -> dict[str, Any]:
    shown = {"title": text("Form"), "submit": text("Send")}
    return {"type": "modal", "callback_id": callback_id, **shown, "blocks": list(blocks), **more}


COMMENT = question("comment", {"type": "plain_text_input", "action_id": "said"})


def refused(client: WebClient, method: str, **args: Any) -> str:
    """The word Slack refuses a call with."""
    with pytest.raises(SlackApiError) as error:
        client.api_call(method, json=args)
    return str(error.value.response["error"])


def web_client(slack: Sandbox, token: str = "xoxb-sandbox") -> WebClient:  # noqa: S107 - made up
    return WebClient(token, base_url=slack.api_url, retry_handlers=[])


class Bench:
    """The app's listeners; every body they got waits in `heard`."""

    def __init__(self, slack: Sandbox) -> None:
        self.heard: Queue[dict[str, Any]] = Queue()
        self.retries: Queue[tuple[Sequence[str] | None, Sequence[str] | None]] = Queue()
        self.release = threading.Event()
        self.app = App(client=web_client(slack), signing_secret="sandbox-signing-secret", process_before_response=True)
        self._listen()

    def _listen(self) -> None:
        app = self.app
        app.command("/kpi")(self.command)
        app.command("/hang")(self.hang)
        app.action("open")(self.open)
        app.action("pick")(self.note)
        app.view("form")(self.submit)
        app.view_closed("form")(self.note)
        app.shortcut("log")(self.note)
        app.shortcut("log_message")(self.note)
        app.event("message")(self.event)
        app.event("app_home_opened")(self.home)
        app.event("member_joined_channel")(self.note)
        app.options("find")(self.find)

    def note(self, ack: Any, body: dict[str, Any]) -> None:
        self.heard.put(body)
        ack()

    def command(self, ack: Any, body: dict[str, Any]) -> None:
        self.heard.put(body)
        ack(**ANSWERS.get(body["text"], {"text": f"You asked for {body['text']}"}))

    def hang(self, body: dict[str, Any]) -> None:
        self.heard.put(body)
        self.release.wait(5)

    def open(self, ack: Any, body: dict[str, Any], client: WebClient) -> None:
        self.heard.put(body)
        client.views_open(trigger_id=body["trigger_id"], view=modal(COMMENT, notify_on_close=True))
        ack()

    def submit(self, ack: Any, body: dict[str, Any]) -> None:
        self.heard.put(body)
        said = body["view"]["state"]["values"].get("comment", {}).get("said", {}).get("value")
        ack(**SUBMISSIONS.get(said, {}))

    def event(self, event: dict[str, Any], request: BoltRequest, body: dict[str, Any]) -> None:
        self.retries.put((request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason")))
        if event["text"] == "break":
            raise ValueError("asked to")
        self.heard.put(body)

    def find(self, ack: Any, body: dict[str, Any]) -> None:
        self.heard.put(body)
        ack(options=[{"text": text(word), "value": word} for word in OFFERS.get(body["value"], [body["value"]])])

    def home(self, event: dict[str, Any], client: WebClient, body: dict[str, Any]) -> None:
        self.heard.put(body)
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [actions(button("open"))]})

    def next(self) -> dict[str, Any]:
        return self.heard.get(timeout=5)


ANSWERS: dict[str, dict[str, Any]] = {
    "nothing": {"text": ""},
    "public": {"text": "For all", "response_type": "in_channel"},
    "broken": {"text": "x", "blocks": [{"type": "no_such_block"}]},
}
OFFERS = {"": ["first", "second"], "many": [f"option {number}" for number in range(101)], "nothing": []}
SUBMISSIONS: dict[str | None, dict[str, Any]] = {
    "bad": {"response_action": "errors", "errors": {"comment": "Say more"}},
    "wrong block": {"response_action": "errors", "errors": {"nowhere": "Say more"}},
    "next": {"response_action": "update", "view": modal({"type": "section", "text": text("Thanks")}, submit=None)},
    "more": {"response_action": "push", "view": modal(COMMENT)},
    "all": {"response_action": "clear"},
}


@contextmanager
def connected(bench: Bench, slack: Sandbox, transport: str) -> Iterator[Bench]:
    """The bench, reachable from the sandbox."""
    with (_socket_mode if transport == "socket" else _signed_http)(bench, slack):
        yield bench


@contextmanager
def _socket_mode(bench: Bench, slack: Sandbox) -> Iterator[None]:
    handler = SocketModeHandler(bench.app, "xapp-sandbox")
    handler.connect()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
    try:
        yield
    finally:
        handler.client.auto_reconnect_enabled = False
        with Control(slack.url) as control:
            control.post("disconnect", quietly=True)
        handler.close()  # type: ignore[no-untyped-call] # Bolt leaves it untyped


@contextmanager
def _signed_http(bench: Bench, slack: Sandbox) -> Iterator[None]:
    class Receiver(Quiet):
        def take(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = bench.app.dispatch(BoltRequest(body=body, headers=dict(self.headers.items())))
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                self.send_header(name, values[0])
            self.end_headers()
            self.wfile.write(str(answer.body or "").encode())

    with serving(Receiver) as address:
        with Control(slack.url) as control:
            control.post("events-url", url=f"{address}/slack/events")
        yield
