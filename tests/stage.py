"""A real Bolt app with the listeners of the survey programme, spoken to as Slack does."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from queue import Queue
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.blocks.invitation import handed_over, mail
from bot.blocks.log_form import confirmation
from bot.blocks.reader import Reader
from bot.blocks.stranger_card import stranger_card
from bot.blocks.survey import question, reminder, thanks
from bot.listeners import (
    answer_survey,
    cancel_survey,
    edit_account,
    log_interaction,
    map_people,
    map_stranger,
    note_talk,
    offer_setup,
    resend_message,
)
from kpi.model import Actor
from kpi.services.surveys.words import Phrasing
from tests.agency import HOME, Agency
from tests.local_http import Quiet, serving
from tests.sayable import sayable

CHANNEL = {"id": "C0ACME", "name": "shared-acme"}


@dataclass
class Ears:
    """Hears what is said to a person through a response_url."""

    url: str
    heard: "Queue[dict[str, Any]]" = field(default_factory=Queue)

    def next(self) -> dict[str, Any]:
        said = self.heard.get(timeout=10)
        sayable(said)
        return said


@contextmanager
def listening() -> Iterator[Ears]:
    """A local response_url."""
    ears = Ears("")

    class Post(Quiet):
        def take(self) -> None:
            ears.heard.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

    with serving(Post) as address:
        ears.url = f"{address}/"
        yield ears


@dataclass
class Stage:
    """Slack's side: presses, types and submits; `windows` are the modals that opened."""

    agency: Agency
    ears: Ears
    windows: list[Mapping[str, Any]] = field(default_factory=list)
    opens: bool = True

    def __post_init__(self) -> None:
        reader = Reader("en", self.agency.policy.workspace.timezone)
        confirmed = partial(confirmation, reader=reader)
        self.agency.phrasing = Phrasing(question, thanks, confirmed, reminder, handed_over, mail, stranger_card)
        here = AuthorizeResult(enterprise_id=None, team_id=HOME, bot_token="xoxb-1", bot_id="B1", bot_user_id="U1")
        self.bolt = App(process_before_response=True, request_verification_enabled=False, authorize=lambda **_: here)
        surveys, deliveries = self.agency.surveys, self.agency.deliveries
        log_interaction.register(self.bolt, surveys, reader, self.open)
        answer_survey.register(self.bolt, surveys, self.open)
        cancel_survey.register(self.bolt, surveys, self.open)
        resend_message.register(self.bolt, deliveries, self.agency.people)
        accounts = self.agency.accounts
        edit_account.register(self.bolt, accounts, reader, self.open)
        offer_setup.register(self.bolt, accounts)
        map_people.register(self.bolt, accounts)
        map_stranger.register(self.bolt, surveys.strangers, accounts)
        note_talk.register(self.bolt, surveys)

    def open(self, trigger_id: str, view: Mapping[str, Any]) -> bool:
        assert trigger_id
        sayable({"view": view})
        self.windows += [view] if self.opens else []
        return self.opens

    def send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Deliver a payload; the ack's body."""
        answer = self.bolt.dispatch(BoltRequest(mode="socket_mode", body=dict(body)))
        assert answer.status == 200, (answer.status, answer.body)
        ack = dict(json.loads(answer.body)) if answer.body else {}
        sayable(ack)
        return ack

    def command(self, text: str, by: Actor, channel_id: str = "C0ACME") -> dict[str, Any]:
        flat = {"team_id": HOME, "user_id": by.user_id, "channel_id": channel_id, "trigger_id": "1.2"}
        return self.send({"command": "/kpi", "text": text, **flat})

    def shortcut(self, callback_id: str, by: Actor, **message: Any) -> dict[str, Any]:
        kind = {"type": "message_action", "channel": CHANNEL, "message": message} if message else {"type": "shortcut"}
        return self.send({**self._by(by), **kind, "callback_id": callback_id})

    def press(self, message: Mapping[str, Any], action_id: str, by: Actor) -> dict[str, Any]:
        """Press the button of a posted message."""
        (button,) = [
            each
            for block in message["blocks"]
            for each in block.get("elements", [])
            if each.get("action_id") == action_id
        ]
        return self.press_value(action_id, button.get("value", ""), by)

    def press_value(self, action_id: str, value: str, by: Actor) -> dict[str, Any]:
        place = {"type": "message", "message_ts": "1790000000.000900", "channel_id": "C0ACME"}
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        body = {**self._by(by), "type": "block_actions", "container": place, "channel": CHANNEL}
        return self.send({**body, "actions": [action], "response_url": self.ears.url})

    def submit(self, view: Mapping[str, Any], by: Actor, view_id: str = "V1", **values: Any) -> dict[str, Any]:
        """Send a form with `field=state of its element`; what is not given stays as it was opened."""
        shown = {**view, "id": view_id, "state": {"values": _state(view, values)}, "app_installed_team_id": HOME}
        team = {"team": {"id": by.team_id}, "enterprise": None}
        return self.send({**self._by(by), **team, "type": "view_submission", "view": shown})

    def suggest(self, action_id: str, typed: str, view: Mapping[str, Any], by: Actor) -> list[str]:
        shown = {**view, "state": {"values": _state(view, {})}}
        body = {**self._by(by), "type": "block_suggestion", "action_id": action_id, "value": typed, "view": shown}
        answer = self.send(body)
        groups = answer.get("option_groups", [])
        return [option["text"]["text"] for part in (answer, *groups) for option in part.get("options", [])]

    def joined(self, channel_id: str, **who: str) -> dict[str, Any]:
        """Somebody came into a channel."""
        event = {"type": "member_joined_channel", "channel": channel_id, "channel_type": "C", **who}
        return self.send({"type": "event_callback", "team_id": HOME, "event": event})

    def _by(self, by: Actor) -> dict[str, Any]:
        user = {"id": by.user_id, "name": by.name, "team_id": by.team_id}
        return {"user": user, "team": {"id": HOME}, "trigger_id": "1.2"}


_STATES = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_external_select": ("selected_options", "initial_options"),
}


def _state(view: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert set(given) <= set(inputs)
    return {name: {element["action_id"]: _entered(element, given.get(name))} for name, element in inputs.items()}


def _entered(element: Mapping[str, Any], given: Any) -> dict[str, Any]:
    now, initial = _STATES[element["type"]]
    entered = element.get(initial) if given is None else _CHOSEN.get(now, _typed)(given)
    return {"type": element["type"], now: entered}


def _typed(value: Any) -> Any:
    return value or None


_CHOSEN: Mapping[str, Callable[[Any], Any]] = {
    "selected_option": lambda value: {"value": value} if value else None,
    "selected_options": lambda values: [{"value": value} for value in values],
}
