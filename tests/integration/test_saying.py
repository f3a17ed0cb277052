"""Words through a response url: plainer where Slack refuses them, and nothing is learnt from a url that is over."""

from collections.abc import Iterator

import pytest
from slack_bolt import Respond

from bot.blocks.chart import line_chart
from bot.blocks.parts import section
from bot.desk.saying import say_now
from kpi.services.capability import Capability
from kpi.store.store import Store
from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig, start
from tests.fakes import FakeNow

CARD = {"text": "CSAT is 91%.", "blocks": [section("*91%*"), line_chart("CSAT", ["Aug", "Sep"], {"CSAT": [88, 91]})]}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start(SandboxConfig()) as running:
        yield running


@pytest.fixture
def control(sandbox: Sandbox) -> Iterator[Control]:
    with Control(sandbox.url) as control:
        control.post("reset")
        yield control


@pytest.fixture
def capability(tenant: Store) -> Capability:
    return Capability(tenant, FakeNow())


def words(control: Control) -> list[list[str]]:
    return [[block["type"] for block in message["blocks"]] for message in control.messages("C0TEAM")]


def test_an_answer_slack_draws_teaches_that_it_does(sandbox: Sandbox, control: Control, capability: Capability) -> None:
    say_now(CARD, Respond(response_url=sandbox.slack.response_url("U0ANNA", "C0TEAM")), capability)
    assert words(control) == [["section", "data_visualization"]]
    assert capability.rung() == "native"


def test_one_it_refuses_is_said_plainer_at_once(sandbox: Sandbox, control: Control, capability: Capability) -> None:
    control.post("refuses", blocks=["data_visualization", "table"])
    say_now(CARD, Respond(response_url=sandbox.slack.response_url("U0ANNA", "C0TEAM")), capability)
    assert words(control) == [["section", "section"]]
    assert capability.rung() == "text"


def test_a_url_that_is_over_teaches_nothing(sandbox: Sandbox, control: Control, capability: Capability) -> None:
    say_now(CARD, Respond(response_url=f"{sandbox.url}/_response/over"), capability)
    assert words(control) == []
    assert capability.rung() == "unknown"
