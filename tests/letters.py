"""One payload of every kind Slack sends this bot, as the local Slack writes it, about things the bot really said."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from httpx import Response

from kpi.model import Actor
from kpi.services.phrases.request import Verb
from kpi.services.surveys.words import LogRequest
from kpi.store import tables
from sandbox import payloads
from sandbox.server import Sandbox
from sandbox.timeline import Message
from sandbox.values import state_values
from sandbox.views import View
from tests.agency import ACME, HOME
from tests.whole_bot import FORM, JSON, WholeBot

ASKED: Mapping[str, str] = {
    Verb.ANSWER: "csat acme",
    Verb.BY: "csat by account",
    Verb.TREND: "trend csat 3m",
    Verb.COMPARE: "compare csat this month last month",
    Verb.EXPLAIN: "explain csat",
    Verb.LIST: "list",
    Verb.TARGETS: "targets",
    Verb.IMPACT: 'impact "new portal" 2026-05-01',
    Verb.WHY_NOT: "why-not acme",
    Verb.SURVEYS: "surveys",
    Verb.SIMULATE: "simulate 5",
    Verb.HELP: "help",
}
"""What is typed for each verb."""
BESIDE = {"share": "share csat", "log": "log", "account": "account", "nothing": "", "a slip": "cast"}
HEARD = ("channel_shared", "channel_unshared")
UNHEARD = (
    *("app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_id_changed", "channel_rename"),
    *("reaction_added", "team_join", "tokens_revoked", "user_change"),
)
"""Events nobody subscribed to."""

Body = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """A payload, and how it travels: as the fields of a form, as JSON in one field of a form, or as JSON."""

    name: str
    travels: str
    body: Body

    def sealed(self, body: Any) -> tuple[bytes, str]:
        """Another body in the same envelope, and its content type."""
        if self.travels == "json":
            return json.dumps(body).encode(), JSON
        fields = {"payload": json.dumps(body)} if self.travels == "payload" else body
        return urlencode(_texts(fields), errors="replace").encode(), FORM


def _texts(fields: Any) -> dict[str, str]:
    given = fields if isinstance(fields, dict) else {"": fields}
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}


@dataclass
class PostOffice:
    """A bot with a client who was asked, forms that are open, and somebody who presses and types everywhere."""

    bot: WholeBot
    slack: Sandbox
    forms: dict[str, View] = field(default_factory=dict)

    def __post_init__(self) -> None:
        row = self.bot.row
        owner = row(tables.owner, key="anna", name="Anna Arendt", slack_user_id="U0ANNA")["owner_id"]
        self.acme = int(row(tables.account, key="acme", name="Acme", channel_id="C0ACME", owner_id=owner)["account_id"])
        whose = {"account_id": self.acme, "name": "Carla Client", "slack_user_id": "U0CARLA", "slack_team_id": ACME}
        self.carla = int(row(tables.contact, key="carla", **whose)["contact_id"])
        self._logged()
        self.bot.services.surveys.post_due(self.bot.now())
        self.bot.deliver()
        (survey,) = self.bot.rows(tables.survey)
        self.token = str(survey["token"])
        self.bot.services.reports.warm()
        self.scheduled = self._logged()
        self._open_forms()

    def _logged(self) -> int:
        about: dict[str, Any] = {
            "account": self.acme,
            "contact": self.carla,
            "kind": "meeting",
            "occurred_at": self.bot.now(),
        }
        about |= {"source": "slack", "external_id": f"V{len(self.bot.rows(tables.survey))}", "logged_by": "U0ANNA"}
        request = LogRequest(**about, by=Actor("U0ANNA", HOME, "anna"))
        return int(self.bot.services.surveys.log(request).survey_id or 0)

    def _open_forms(self) -> None:
        """Each form is opened as people open it; what the local Slack then shows is kept."""
        self.send(self.pressed("survey_score_4", f"{self.token}.4", "U0CARLA"))
        openers = (
            ("log_interaction", self.command("log"), "U0ANNA"),
            ("edit_account", self.command("account"), "U0ANNA"),
            ("survey_comment", self.pressed("survey_comment", self.token, "U0CARLA"), "U0CARLA"),
            ("cancel_survey", self.pressed("cancel_survey", str(self.scheduled)), "U0ANNA"),
        )
        for name, letter, who in openers:
            answer = self.send(letter)
            stack = self.slack.slack.views.stack(who)
            assert stack, (name, answer.text)
            assert stack[-1].definition["callback_id"] == name
            self.forms[name] = stack[-1]

    def send(self, letter: Letter, body: Any = None, more: Mapping[str, bytes] | None = None) -> Response:
        """Deliver a letter, or another body in its envelope."""
        return self.bot.send(*letter.sealed(letter.body if body is None else body), more)

    def command(self, text: str, user_id: str = "U0ANNA", channel_id: str = "C0TEAM") -> Letter:
        world = self.slack.slack.world
        made = payloads.slash_command(
            self.slack.slack, world.users[user_id], world.channels[channel_id], ("/kpi", text)
        )
        return Letter(f"/kpi {text}", "fields", dict(made))

    def pressed(self, action_id: str, value: str, user_id: str = "U0ANNA", **more: Any) -> Letter:
        """A press in the newest message of the client's channel."""
        slack = self.slack.slack
        element = {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "x"}, **more}
        touched = ("b", {**element, "value": value}, value)
        body = payloads.message_action(slack, slack.world.users[user_id], self._message("C0ACME"), touched)
        return Letter(action_id, "payload", body)

    def shared(self) -> Letter:
        """The answer's preview, with a channel chosen."""
        letter = self.pressed("kpi_share:send", "csat")
        chosen = {"type": "conversations_select", "selected_conversation": "C0TEAM"}
        state = {"values": {"kpi_share": {"kpi_share:channel": chosen}}}
        return Letter(letter.name, letter.travels, {**letter.body, "state": state})

    def submitted(self, form: str, **typed: Any) -> Letter:
        view = self.forms[form]
        slack, state = self.slack.slack, state_values(view.blocks, typed)
        return Letter(
            f"view {form}",
            "payload",
            payloads.view_event(slack, slack.world.users[view.user], view, state, "view_submission"),
        )

    def sought(self, name: str, action_id: str, typed: str) -> Letter:
        """Somebody looks for an entry of a menu in a form."""
        view, slack = self.forms[name], self.slack.slack
        element = {"type": "external_select", "action_id": action_id}
        body = payloads.suggestion(slack, slack.world.users[view.user], view, ("b", element, typed))
        body["view"] = slack.view(view, state_values(view.blocks, {}))
        return Letter(f"options {action_id}", "payload", body)

    def shortcuts(self) -> list[Letter]:
        slack = self.slack.slack
        anna = slack.world.users["U0ANNA"]
        here = payloads.message_shortcut(slack, anna, self._message("C0ACME"), "log_interaction_here")
        everywhere = payloads.shortcut(slack, anna, "log_interaction")
        return [Letter(f"shortcut {each['callback_id']}", "payload", each) for each in (here, everywhere)]

    def events(self) -> list[Letter]:
        slack = self.slack.slack
        carla, acme = slack.world.users["U0CARLA"], slack.world.channels["C0ACME"]
        talk = payloads.message_event(slack, carla, self._message("C0ACME"))
        joined = payloads.joined_event(slack, slack.world.bot, acme, "U0ANNA")
        changed = [{"type": kind, "channel": "C0TEAM", "event_ts": slack.clock.next()} for kind in HEARD]
        unheard = [{"type": kind, "user": "U0CARLA", "channel": "C0ACME", "old_channel_id": "C0"} for kind in UNHEARD]
        return [
            Letter(f"event {event['type']}", "json", payloads.event_callback(slack, event, {}))
            for event in (talk, joined, *changed, *unheard)
        ]

    def presses(self) -> list[Letter]:
        token, account = self.token, self.acme
        stranger = {"account": account, "user": "U0OTTO", "team": "T0OTHER0", "contact": None}
        people = json.dumps({"account": account, "users": ["U0CHRIS"]})
        wishes = [self.pressed(f"survey_wish_{wish}", token, "U0CARLA") for wish in ("less", "stop", "again")]
        return [
            self.pressed("survey_score_4", f"{token}.4", "U0CARLA"),
            self.pressed("survey_comment", token, "U0CARLA"),
            *wishes,
            self.pressed("cancel_survey", str(self.scheduled)),
            self.pressed("set_up_account", "C0TEAM"),
            self.pressed("add_contact", people),
            self.pressed("add_all_contacts", people),
            self.pressed(f"stranger_map_{self.carla}", json.dumps({**stranger, "contact": self.carla})),
            self.pressed("stranger_new", json.dumps(stranger)),
            self.pressed("stranger_discard", json.dumps(stranger)),
            self.pressed("resend_delivery", "1"),
            self.pressed("kpi_ask:explain", "explain csat"),
            self.pressed("kpi_share", "share csat"),
            self.pressed("kpi_share:channel", "", type="conversations_select"),
            self.shared(),
        ]

    def submissions(self) -> list[Letter]:
        chosen = {"account": str(self.acme), "kind": "call", "contact": str(self.carla), "note": "Hm"}
        return [
            self.submitted("log_interaction", **chosen),
            self.submitted("edit_account", name="Globex", segment="big"),
            self.submitted("survey_comment", comment="Hm"),
            self.submitted("cancel_survey", reason="A hard week"),
        ]

    def searches(self) -> list[Letter]:
        menus = {
            "log_interaction": ("log_account", "log_contact"),
            "edit_account": ("account_owner", "account_zone", "account_contacts"),
        }
        return [self.sought(form, menu, "a") for form, searched in menus.items() for menu in searched]

    def commands(self) -> list[Letter]:
        return [self.command(text) for text in (*ASKED.values(), *BESIDE.values())]

    def plain(self) -> list[Letter]:
        proof = {"type": "url_verification", "token": payloads.VERIFICATION_TOKEN, "challenge": "3eZbrw1aBm2rZgRN"}
        check = {"ssl_check": "1", "token": payloads.VERIFICATION_TOKEN}
        return [Letter("url_verification", "json", proof), Letter("ssl_check", "fields", check)]

    def kinds(self) -> tuple[Callable[[], list[Letter]], ...]:
        """What makes letters, freshly each time: a trigger is good for one form."""
        return (
            self.commands,
            self.presses,
            self.submissions,
            self.searches,
            self.shortcuts,
            self.events,
            self.plain,
        )

    def letters(self) -> list[Letter]:
        """One of every kind."""
        return [letter for make in self.kinds() for letter in make()]

    def _message(self, channel_id: str) -> Message:
        return self.slack.slack.timeline.of(channel_id)[-1]
