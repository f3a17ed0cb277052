"""The local Slack as its own tests use it; a test file says in CONFIG how it should be."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from sandbox.client import Control
from sandbox.server import Sandbox, SandboxConfig, start
from tests.integration.sandbox_bench import web_client


@pytest.fixture(scope="module")
def slack(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A running one, for all tests of the file."""
    with start(getattr(request.module, "CONFIG", SandboxConfig())) as running:
        yield running


@pytest.fixture
def control(slack: Sandbox) -> Iterator[Control]:
    """Its control API, in the world it starts with."""
    with Control(slack.url) as control:
        control.post("reset")
        yield control


@pytest.fixture
def client(slack: Sandbox, control: Control) -> WebClient:
    """The real Slack client, in the bot's name."""
    return web_client(slack)
