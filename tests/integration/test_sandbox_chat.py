"""Messages posted, whispered, changed and deleted, and why Slack refuses some."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.client import Control, ControlError
from sandbox.server import SandboxConfig
from tests.integration.sandbox_bench import actions, button, refused

CONFIG = SandboxConfig(pace=None)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
        ({"text": "x"}, "channel_not_found"),
        ({"channel": "C0NOBOT", "text": "x"}, "not_in_channel"),
        ({"channel": "C0OLD", "text": "x"}, "is_archived"),
        ({"channel": "C0TEAM"}, "no_text"),
        ({"channel": "C0TEAM", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0TEAM", "text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"channel": "C0TEAM", "text": "x", "attachments": 7}, "invalid_attachments"),
        ({"channel": "C0TEAM", "text": "x", "blocks": [{"type": "alert"}]}, "invalid_blocks"),
        ({"channel": "C0TEAM", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": "C0TEAM", "text": "x", "metadata": {"event_type": "e"}}, "invalid_metadata_format"),
    ],
)
def test_posting_is_refused_for_a_reason(client: WebClient, control: Control, args: dict[str, Any], error: str) -> None:
    assert refused(client, "chat.postMessage", **args) == error
    assert control.messages("C0TEAM") == []


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NOWHERE", "user": "U0ANNA"}, "channel_not_found"),
        ({"channel": "C0SECRET", "user": "U0HEAD"}, "channel_not_found"),
        ({"channel": "C0NOBOT", "user": "U0ANNA"}, "not_in_channel"),
        ({"channel": "C0OLD", "user": "U0ANNA"}, "is_archived"),
        ({"channel": "C0TEAM", "user": "U0NOBODY"}, "user_not_found"),
        ({"channel": "C0TEAM", "user": "U0CARLA"}, "user_not_in_channel"),
    ],
)
def test_whispering_is_refused_for_a_reason(client: WebClient, args: dict[str, Any], error: str) -> None:
    assert refused(client, "chat.postEphemeral", text="x", **args) == error


def test_what_stands_in_an_archived_channel_stays_as_it_is(client: WebClient, control: Control) -> None:
    own = client.chat_postMessage(channel="C0TEAM", text="one")
    control.post("world", channels=[{"id": "C0TEAM", "is_archived": True}])
    for method in ("chat.update", "chat.delete"):
        assert refused(client, method, channel="C0TEAM", ts=own["ts"], text="x") == "is_archived"


def test_a_posted_message_keeps_its_thread_metadata_and_blocks(client: WebClient, control: Control) -> None:
    parent = client.chat_postMessage(channel="C0ACME", text="Workshop", unfurl_links=False)
    reply = client.chat_postMessage(
        channel="C0ACME",
        text="How was it?",
        thread_ts=parent["ts"],
        blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "How *was* it?"}}],
        metadata={"event_type": "survey", "event_payload": {"key": "k1"}},
    )
    assert reply["ts"] > parent["ts"]
    stored = control.messages("C0ACME")[1]
    assert stored["thread_ts"] == parent["ts"]
    assert stored["metadata"]["event_payload"] == {"key": "k1"}
    assert stored["blocks"][0]["block_id"]


def test_only_own_messages_can_be_changed_and_deleted(client: WebClient, control: Control) -> None:
    own = client.chat_postMessage(channel="C0ACME", text="one", blocks=[actions(button("go"))])
    theirs = control.post("message", channel="C0ACME", user="U0CARLA", text="hello")
    changed = client.chat_update(channel="C0ACME", ts=own["ts"], text="two")
    assert changed["message"]["edited"]["user"] == "U0KPIBOT"
    assert control.messages("C0ACME")[0]["text"] == "two"
    assert refused(client, "chat.update", channel="C0ACME", ts=theirs["ts"], text="x") == "cant_update_message"
    assert refused(client, "chat.delete", channel="C0ACME", ts=theirs["ts"]) == "cant_delete_message"
    client.chat_delete(channel="C0ACME", ts=own["ts"])
    assert refused(client, "chat.update", channel="C0ACME", ts=own["ts"], text="x") == "message_not_found"


def test_an_update_without_blocks_leaves_the_old_buttons_standing(client: WebClient, control: Control) -> None:
    own = client.chat_postMessage(channel="C0ACME", text="one", blocks=[actions(button("go"))])
    client.chat_update(channel="C0ACME", ts=own["ts"], text="two")
    assert control.messages("C0ACME")[0]["blocks"][0]["elements"][0]["action_id"] == "go"
    client.chat_update(channel="C0ACME", ts=own["ts"], text="three", blocks=[])
    assert "blocks" not in control.messages("C0ACME")[0]
    assert refused(client, "chat.update", channel="C0ACME", ts=own["ts"]) == "no_text"


def test_a_permalink_leads_to_a_message_that_exists(client: WebClient) -> None:
    sent = client.chat_postMessage(channel="C0TEAM", text="x")
    link = client.chat_getPermalink(channel="C0TEAM", message_ts=sent["ts"])["permalink"]
    assert link.endswith(f"/archives/C0TEAM/p{sent['ts'].replace('.', '')}")
    assert refused(client, "chat.getPermalink", channel="C0TEAM", message_ts="1.0") == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_member_only(client: WebClient, control: Control) -> None:
    sent = client.chat_postEphemeral(channel="C0ACME", user="U0CARLA", text="Thanks", blocks=[actions(button("undo"))])
    assert control.messages("C0ACME")[0]["ephemeral_to"] == "U0CARLA"
    assert refused(client, "chat.postEphemeral", channel="C0ACME", user="U0OTTO", text="x") == "user_not_in_channel"
    for method in ("chat.update", "chat.delete"):
        assert refused(client, method, channel="C0ACME", ts=sent["message_ts"], text="x") == "message_not_found"
    with pytest.raises(ControlError, match="sees no message"):
        control.post("interact", channel="C0ACME", messageTs=sent["message_ts"], user="U0CHRIS", action="undo")
