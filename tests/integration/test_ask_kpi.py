"""`/kpi …` through real Bolt, with a fake address book."""

import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.blocks.limits import faults
from bot.blocks.reader import Reader
from bot.desk import Desk
from bot.desk.counter import Counter
from bot.desk.sources import Sources
from bot.listeners.ask_kpi import register
from kpi.model import Person
from kpi.policy import AccessPolicy, AskPolicy
from kpi.services.answers import Answers, Rules
from kpi.services.capability import Capability
from kpi.services.groups import Groups
from kpi.services.impacts import Impacts
from kpi.services.people import People
from kpi.services.reports import Reports
from kpi.services.targets import Targets
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.builders import BERLIN, Portfolio, at, policy, rehearsal
from tests.fakes import FakeDirectory, FakeNow, RecordingQueue

HOME, CLIENT = "T0HOME00", "T0CLIENT"
PEOPLE = (
    Person("U0ANNA", HOME, "Anna"),
    Person("U0GUEST", HOME, "Gina", is_guest=True),
    Person("U0ROBOT", HOME, "Robot", is_bot=True),
    Person("U0GONE", HOME, "Gone", is_deleted=True),
    Person("U0CARLA", CLIENT, "Carla"),
)


@dataclass
class Slack:
    """Types a command into Bolt and reads the ack."""

    store: Store
    when_shared: str = "direct_message"
    ask_policy: AskPolicy = field(default_factory=AskPolicy)
    queue: RecordingQueue = field(default_factory=RecordingQueue)
    directory: FakeDirectory = field(default_factory=lambda: FakeDirectory({each.user_id: each for each in PEOPLE}))

    def __post_init__(self) -> None:
        self.portfolio = Portfolio(self.store)
        self.directory.shared = {"C0TEAM": False, "C0ACME": True}

    def bolt(self) -> App:
        now = FakeNow(at("2026-10-05"))
        people = People(self.store, self.directory, now, lambda: HOME)
        rules = Rules(AccessPolicy(self.when_shared, ask=self.ask_policy))
        groups = Groups(self.store, self.directory, now)
        answers = Answers(self.store, self.queue, now, people, groups, rules)
        app = App(
            client=WebClient("xoxb-test", retry_handlers=[]),
            authorize=lambda: AuthorizeResult(
                enterprise_id=None, team_id=HOME, bot_token="xoxb-test", bot_user_id="U0BOT"
            ),
            process_before_response=True,
            request_verification_enabled=False,
        )
        reports = Reports(self.store, policy(), now)
        sources = Sources(
            reports, Targets(self.store, policy(), now), Impacts(reports, self.store), rehearsal(self.store)
        )
        register(app, Counter(Desk(sources), answers, Capability(self.store, now), Reader("en", BERLIN)))
        return app

    def ask(self, text: str, user: str = "U0ANNA", channel: str = "C0TEAM", team: str = HOME) -> dict[str, Any]:
        words = {"command": "/kpi", "text": text, "user_id": user, "team_id": team, "channel_id": channel}
        body = urlencode({**words, "trigger_id": f"13.37.{time.monotonic_ns()}"})
        response = self.bolt().dispatch(
            BoltRequest(body=body, headers={"content-type": "application/x-www-form-urlencoded"})
        )
        assert response.status == 200
        ack = json.loads(response.body)
        assert ack["response_type"] == "ephemeral"
        assert faults(ack) == ()
        return dict(ack)

    def messages(self) -> list[Record]:
        return self.portfolio.rows(tables.delivery)


@pytest.fixture
def slack(store: Store) -> Slack:
    slack = Slack(store)
    slack.portfolio.answers([5] * 8 + [1] * 2, "2026-09-01")
    return slack


def test_a_member_gets_the_answer_in_the_ack_for_their_eyes_only(slack: Slack) -> None:
    ack = slack.ask("csat")
    assert ack["blocks"][0]["text"]["text"].startswith("*Client satisfaction 80%* in the last 90 days")
    assert "80%" in ack["text"]
    assert slack.messages() == []


def test_in_a_shared_channel_the_answer_comes_by_direct_message_and_the_ack_has_no_number(slack: Slack) -> None:
    ack = slack.ask("csat", channel="C0ACME")
    assert "direct message" in ack["text"]
    assert "80" not in json.dumps(ack)
    (message,) = slack.messages()
    assert (message["kind"], message["audience"], message["channel_id"]) == ("answer", "person", "U0ANNA")
    assert "80%" in message["payload"]["text"]
    assert slack.queue.jobs == [("deliver", {"delivery_id": message["delivery_id"]}, "1:U0ANNA", True)]


def test_a_channel_slack_cannot_speak_of_counts_as_shared(slack: Slack) -> None:
    ack = slack.ask("csat", channel="C0WHO")
    assert "80" not in json.dumps(ack)
    assert len(slack.messages()) == 1


def test_asking_twice_in_a_shared_channel_is_answered_twice(slack: Slack) -> None:
    slack.ask("csat", channel="C0ACME")
    slack.ask("csat", channel="C0ACME")
    assert len(slack.messages()) == 2


@pytest.mark.parametrize(("choice", "shown"), [("ephemeral", True), ("refuse", False)])
def test_the_workspace_may_choose_otherwise_for_shared_channels(store: Store, choice: str, shown: bool) -> None:
    slack = Slack(store, when_shared=choice)
    slack.portfolio.answers([5] * 5, "2026-09-01")
    ack = slack.ask("csat", channel="C0ACME")
    assert ("100%" in ack["text"]) is shown
    assert slack.messages() == []


@pytest.mark.parametrize(
    ("user", "team"), [("U0GUEST", HOME), ("U0CARLA", CLIENT), ("U0ROBOT", HOME)], ids=["guest", "external", "bot"]
)
def test_guests_and_external_people_get_a_polite_no_and_nothing_else(slack: Slack, user: str, team: str) -> None:
    for text in ("csat", "list", "help", "csat akme", ""):
        ack = slack.ask(text, user=user, team=team)
        assert ack["text"] == "Only full members of the organisation that runs this bot can ask for KPIs."
        assert "blocks" not in ack


def test_a_contact_of_a_client_is_external_whatever_team_they_are_in(slack: Slack) -> None:
    acme = slack.portfolio.account("Acme")
    slack.portfolio.row(tables.contact, key="anna", account_id=acme, name="Anna", slack_user_id="U0ANNA")
    assert "Only full members" in slack.ask("csat")["text"]


def test_someone_slack_cannot_speak_of_is_asked_to_try_again(slack: Slack) -> None:
    for user in ("U0WHO", "U0GONE", ""):
        ack = slack.ask("csat", user=user)
        assert "try again" in ack["text"]
        assert "80" not in ack["text"]


def test_whoever_sees_their_own_accounts_gets_theirs_and_no_word_of_others(store: Store) -> None:
    slack = Slack(store, ask_policy=AskPolicy(members="none", owners="own"))
    anna = slack.portfolio.row(tables.owner, key="anna", name="Anna", slack_user_id="U0ANNA")["owner_id"]
    mine = slack.portfolio.account("Acme", owner_id=anna)
    for minute in range(5):
        slack.portfolio.reply(mine, 5, at("2026-09-01").replace(minute=minute), owner_id=anna)
    slack.portfolio.account("Umbra")
    slack.portfolio.answers([1] * 10, "2026-09-01")
    assert "100%* for owner Anna" in slack.ask("csat")["blocks"][0]["text"]["text"]
    assert "100%* for Acme" in slack.ask("csat acme")["blocks"][0]["text"]["text"]
    assert slack.ask("csat umbra")["text"].replace("umbra", "quuxx") == slack.ask("csat quuxx")["text"]
    assert "own clients only" in slack.ask("csat segment large")["text"]
    assert [(row["verb"], row["outcome"]) for row in slack.portfolio.rows(tables.asked)] == [
        *[("answer", "answered")] * 2,
        *[("answer", "not answered")] * 2,
        ("answer", "refused"),
    ]


def test_what_is_not_understood_is_answered_with_the_nearest_known_words(slack: Slack) -> None:
    for text, words in (
        ("cast", "Did you mean csat"),
        ("csat last quartr", "Did you mean last quarter"),
        ("csat Client 00", "could be"),
        ("csat 2026-13", "no month 13"),
        ("csat 2027", "has not begun"),
        ("word " * 40, "more than 24 words"),
        ("csat <!channel>", "neither an account, a segment, an owner nor a period"),
    ):
        assert words in slack.ask(text)["text"], text


def test_nothing_or_help_shows_what_can_be_typed(slack: Slack) -> None:
    for text in ("", "help", "?"):
        assert "/kpi list" in slack.ask(text)["text"]


def test_list_shows_every_kpi(slack: Slack) -> None:
    ack = slack.ask("list", channel="C0ACME")
    assert ack["text"].startswith("KPIs you can ask for: Client satisfaction (csat), Net promoter score (nps)")
    assert slack.messages() == []


def test_no_data_is_answered_in_words(slack: Slack) -> None:
    for text in ("nps", "churn", "csat 2020", "nps 2026-Q3"):
        assert "no value" in slack.ask(text)["text"]


def test_a_fault_of_ours_is_an_apology_with_a_reference_and_no_trace(store: Store) -> None:
    slack = Slack(store, when_shared="nonsense")
    ack = slack.ask("csat", channel="C0ACME")
    assert "something went wrong on our side" in ack["text"]
    assert "nonsense" not in ack["text"]
