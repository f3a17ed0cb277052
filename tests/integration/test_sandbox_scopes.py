"""What each call of the Web API takes a scope for, and how one that is missing is named."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Control
from sandbox.server import SandboxConfig, start
from tests.integration.sandbox_bench import web_client

CONFIG = SandboxConfig(pace=None)


@pytest.fixture(scope="module")
def bare() -> Iterator[WebClient]:
    """In a workspace that granted the bot nothing it can use."""
    with start(replace(CONFIG, scopes=frozenset({"commands"}))) as strict:
        yield web_client(strict)


def test_missing_scopes_are_named(control: Control) -> None:
    with start(replace(CONFIG, scopes=frozenset({"chat:write"}))) as strict:
        client = web_client(strict)
        assert client.chat_postMessage(channel="C0TEAM", text="fine")["ok"]
        with pytest.raises(SlackApiError) as error:
            client.users_info(user="U0ANNA")
        assert error.value.response["error"] == "missing_scope"
        assert error.value.response["needed"] == "users:read"
        assert client.auth_test().headers["x-oauth-scopes"] == "chat:write"


READING = ("conversations.info", "conversations.members")


@pytest.mark.parametrize(
    ("channel", "scope"), [("C0TEAM", "channels:read"), ("C0LEADS", "groups:read"), ("U0ANNA", "im:read")]
)
def test_each_kind_of_conversation_is_read_with_a_scope_of_its_own(channel: str, scope: str) -> None:
    others = {"channels:read", "groups:read", "im:read", "im:write", "chat:write"} - {scope}
    for granted, outcome in ((others | {scope}, None), (others, "missing_scope")):
        with start(replace(CONFIG, scopes=frozenset(granted))) as strict:
            client = web_client(strict)
            place = client.conversations_open(users=channel)["channel"]["id"] if channel[0] == "U" else channel
            answers = [lacking(client, method, channel=place) for method in READING]
            assert answers == [(outcome, scope if outcome else None)] * 2


def lacking(client: WebClient, method: str, **args: Any) -> tuple[str | None, str | None]:
    """The error and the scope that is wanted; nothing where the call is answered."""
    try:
        client.api_call(method, json=args)
    except SlackApiError as refusal:
        return refusal.response["error"], refusal.response.get("needed")
    return None, None


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [
        ("chat.postMessage", {"channel": "C0TEAM", "text": "x"}, "chat:write"),
        ("chat.postEphemeral", {"channel": "C0TEAM", "user": "U0ANNA", "text": "x"}, "chat:write"),
        ("files.completeUploadExternal", {"files": []}, "files:write"),
        ("usergroups.users.list", {"usergroup": "S0HEADS"}, "usergroups:read"),
        ("users.list", {}, "users:read"),
        ("conversations.list", {"types": "public_channel,private_channel"}, "channels:read,groups:read"),
        ("conversations.list", {"types": "im"}, "im:read"),
        ("users.conversations", {}, "channels:read"),
        ("conversations.open", {"users": "U0ANNA"}, "im:write"),
        ("conversations.open", {"users": "U0ANNA,U0BEN"}, "mpim:write"),
    ],
)
def test_a_call_without_its_scope_says_which_is_needed(
    bare: WebClient, method: str, args: dict[str, Any], needed: str
) -> None:
    assert lacking(bare, method, **args) == ("missing_scope", needed)


def test_no_scope_is_asked_for_what_nobody_may_see(bare: WebClient) -> None:
    assert lacking(bare, "conversations.info", channel="C0SECRET") == ("channel_not_found", None)


def test_addresses_are_shown_only_with_their_scope() -> None:
    for scopes, is_shown in (({"users:read"}, False), ({"users:read", "users:read.email"}, True)):
        with start(replace(CONFIG, scopes=frozenset(scopes))) as strict:
            client = web_client(strict)
            profiles = [client.users_info(user="U0ANNA")["user"], *client.users_list()["members"]]
            assert {"email" in user["profile"] for user in profiles} == {is_shown}
