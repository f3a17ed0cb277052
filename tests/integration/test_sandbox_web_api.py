"""The sandbox's Web API, driven with the real slack_sdk client: answers, refusals and who may see what."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Control, ControlError
from sandbox.server import Sandbox, SandboxConfig, start
from tests.integration.sandbox_bench import actions, button, refused, web_client

CONFIG = SandboxConfig(pace=None)


@pytest.fixture(scope="module")
def bare() -> Iterator[WebClient]:
    """In a workspace that granted the bot nothing it can use."""
    with start(replace(CONFIG, scopes=frozenset({"commands"}))) as strict:
        yield web_client(strict)


def test_the_bot_knows_itself_and_its_team(client: WebClient) -> None:
    me = client.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T0HOME00", "U0KPIBOT", "B0KPIBOT")
    assert client.bots_info(bot="B0KPIBOT")["bot"]["user_id"] == "U0KPIBOT"


def test_a_wrong_or_missing_token_opens_nothing(slack: Sandbox) -> None:
    assert refused(web_client(slack, "xoxb-wrong"), "auth.test") == "invalid_auth"
    assert refused(web_client(slack, "xapp-sandbox"), "auth.test") == "not_allowed_token_type"
    assert httpx.post(f"{slack.api_url}auth.test").json()["error"] == "not_authed"
    assert refused(web_client(slack), "apps.connections.open") == "not_allowed_token_type"


def test_a_method_that_does_not_exist_is_said_to_be_unknown(client: WebClient) -> None:
    assert refused(client, "chat.shout") == "unknown_method"


def test_forms_queries_and_json_are_read_alike(slack: Sandbox, control: Control) -> None:
    bearer = {"Authorization": "Bearer xoxb-sandbox"}
    blocks = [actions(button("go"))]
    url = f"{slack.api_url}chat.postMessage"
    form = httpx.post(url, headers=bearer, data={"channel": "C0TEAM", "text": "1", "blocks": json.dumps(blocks)})
    query = httpx.get(url, headers=bearer, params={"channel": "C0TEAM", "text": "2"})
    body = httpx.post(url, headers=bearer, json={"channel": "C0TEAM", "text": "3", "blocks": blocks})
    assert [answer.json()["ok"] for answer in (form, query, body)] == [True, True, True]
    assert [message["text"] for message in control.messages("C0TEAM")] == ["1", "2", "3"]
    assert form.json()["message"]["blocks"] == body.json()["message"]["blocks"]
    assert httpx.post(url, headers=bearer, data={"channel": "C0TEAM", "blocks": "{"}).json()["error"] == (
        "invalid_blocks_format"
    )


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


def test_external_people_have_their_own_team_and_no_locale(client: WebClient) -> None:
    anna = client.users_info(user="U0ANNA", include_locale=True)["user"]
    carla = client.users_info(user="U0CARLA", include_locale=True)["user"]
    assert (anna["team_id"], anna["locale"], anna["tz"]) == ("T0HOME00", "en-US", "Europe/Berlin")
    assert carla["team_id"] == "T0CLIENT"
    assert "locale" not in carla
    assert carla["is_stranger"] is False
    assert client.users_info(user="U0STRANGE")["user"]["is_stranger"] is True
    assert client.users_info(user="U0GONE")["user"]["deleted"] is True
    assert client.users_info(user="U0SINGLE")["user"]["is_ultra_restricted"] is True
    with pytest.raises(SlackApiError, match="user_not_found"):
        client.users_info(user="U0NOBODY")


def test_a_user_group_has_its_people_unless_it_is_disabled(client: WebClient) -> None:
    assert client.usergroups_users_list(usergroup="S0HEADS")["users"] == ["U0HEAD"]
    assert client.usergroups_users_list(usergroup="S0CLOSED", include_disabled=True)["users"] == ["U0ANNA", "U0BEN"]
    for group in ("S0CLOSED", "S0NOWHERE"):
        with pytest.raises(SlackApiError, match="no_such_subteam"):
            client.usergroups_users_list(usergroup=group)


def test_a_method_that_reads_no_json_sees_no_argument_in_it(client: WebClient) -> None:
    assert refused(client, "users.info", user="U0ANNA") == "user_not_found"


def test_the_user_list_leaves_out_external_people_and_comes_in_pages(client: WebClient) -> None:
    seen = [user["id"] for page in client.users_list(limit=3) for user in page["members"]]
    assert len(seen) == len(set(seen)) == 8
    assert "U0CARLA" not in seen
    assert refused(client, "users.list", cursor="nonsense") == "invalid_cursor"


def test_channels_say_with_whom_they_are_shared(client: WebClient) -> None:
    acme = client.conversations_info(channel="C0ACME")["channel"]
    assert (acme["is_ext_shared"], acme["is_shared"], acme["is_member"]) == (True, True, True)
    assert acme["shared_team_ids"] == ["T0HOME00", "T0CLIENT"]
    assert client.conversations_info(channel="C0PENDING")["channel"]["is_pending_ext_shared"] is True
    assert client.conversations_info(channel="C0TEAM")["channel"]["is_ext_shared"] is False
    assert client.conversations_info(channel="C0NOBOT")["channel"]["is_member"] is False
    assert refused(client, "conversations.info", channel="C0SECRET") == "channel_not_found"


def test_members_of_a_shared_channel_include_external_people(client: WebClient) -> None:
    members = [id_ for page in client.conversations_members(channel="C0ACME", limit=2) for id_ in page["members"]]
    assert {"U0CARLA", "U0CHRIS", "U0ANNA"} < set(members)


def test_the_bot_lists_public_channels_and_its_own_private_ones(client: WebClient) -> None:
    listed = {c["id"] for c in client.conversations_list(types="public_channel,private_channel")["channels"]}
    assert {"C0NOBOT", "C0LEADS", "C0OLD"} < listed
    assert "C0SECRET" not in listed
    own = {c["id"] for c in client.users_conversations(exclude_archived=True)["channels"]}
    assert own == {"C0TEAM", "C0SALES", "C0ACME", "C0GLOBEX", "C0PENDING"}
    assert refused(client, "conversations.list", types="telegram") == "invalid_types"


def test_a_direct_message_is_opened_once(client: WebClient, control: Control) -> None:
    first = client.conversations_open(users="U0ANNA")
    again = client.conversations_open(users=["U0ANNA"], return_im=True)
    assert first["channel"]["id"] == again["channel"]["id"]
    assert again["channel"]["user"] == "U0ANNA"
    sent = client.chat_postMessage(channel="U0ANNA", text="psst")
    assert sent["channel"] == first["channel"]["id"]
    assert control.messages("U0ANNA")[0]["text"] == "psst"


@pytest.mark.parametrize(
    ("user", "error"),
    [
        ("U0STRANGE", "user_not_found"),
        ("U0NOBODY", "user_not_found"),
        ("U0GONE", "user_disabled"),
        ("U0ROBOT", "cannot_dm_bot"),
        ("U0KPIBOT", "cannot_dm_bot"),
    ],
)
def test_some_cannot_be_written_to(client: WebClient, user: str, error: str) -> None:
    assert refused(client, "conversations.open", users=user) == error


def test_a_client_who_shares_a_channel_can_be_written_to(client: WebClient) -> None:
    assert client.chat_postMessage(channel="U0CARLA", text="Thanks")["channel"].startswith("D")


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


def test_an_installation_exchanges_its_code_once(slack: Sandbox, control: Control) -> None:
    client = WebClient(base_url=slack.api_url, retry_handlers=[])
    code = control.post("install", user="U0HEAD")["code"]
    ask = {"client_id": "sandbox-client", "client_secret": "sandbox-client-secret", "code": code}
    answer = client.oauth_v2_access(**ask)
    assert (answer["access_token"], answer["team"]["id"]) == ("xoxb-sandbox", "T0HOME00")
    with pytest.raises(SlackApiError, match="invalid_code"):
        client.oauth_v2_access(**ask)
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        client.oauth_v2_access(**{**ask, "client_secret": "guess"})


def test_the_log_tells_every_call_in_order_with_its_outcome(client: WebClient, control: Control) -> None:
    client.auth_test()
    refused(client, "chat.postMessage", channel="C0OLD", text="x")
    calls = control.calls()
    assert [(call["method"], call["outcome"]) for call in calls] == [
        ("auth.test", "ok"),
        ("chat.postMessage", "is_archived"),
    ]
    assert calls[1]["args"]["text"] == "x"
    assert "xoxb" not in json.dumps(calls)
    assert len(control.calls("auth.test")) == 1


def test_a_test_can_build_its_own_world_and_reset_it(client: WebClient, control: Control) -> None:
    control.post(
        "world",
        users=[{"id": "U0NEW", "team_id": "T0CLIENT", "real_name": "Nina New"}, {"id": "U0ANNA", "tz": "Asia/Tokyo"}],
        channels=[{"id": "C0NEW", "name": "new", "members": ["U0KPIBOT", "U0NEW"], "is_ext_shared": True}],
    )
    assert client.users_info(user="U0ANNA")["user"]["tz"] == "Asia/Tokyo"
    assert client.users_info(user="U0ANNA")["user"]["real_name"] == "Anna Arendt"
    assert client.conversations_info(channel="C0NEW")["channel"]["is_ext_shared"] is True
    control.post("reset")
    assert refused(client, "users.info", user="U0NEW") == "user_not_found"


@pytest.mark.parametrize(
    ("world", "sentence"),
    [
        ({"users": [{"id": "U1", "team_id": "T1", "nickname": "x"}]}, "nickname"),
        ({"users": [{"name": "nobody"}]}, "with an id"),
        ({"planets": []}, "planets"),
    ],
)
def test_a_world_that_makes_no_sense_is_refused_whole(control: Control, world: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ControlError, match=sentence):
        control.post("world", channels=[{"id": "C0HALF", "name": "half"}], **world)
    assert "C0HALF" not in {channel["id"] for channel in control.get("state")["channels"]}


def test_what_makes_no_sense_is_answered_with_a_sentence(control: Control) -> None:
    with pytest.raises(ControlError, match="There is no act “dance”") as unknown:
        control.post("dance")
    assert unknown.value.status == 404
    with pytest.raises(ControlError, match="command: Field required"):
        control.post("command", channel="C0TEAM", user="U0ANNA")
    with pytest.raises(ControlError, match="is deactivated"):
        control.post("message", channel="C0TEAM", user="U0GONE", text="boo")
    with pytest.raises(ControlError, match="is archived"):
        control.post("message", channel="C0OLD", user="U0ANNA", text="boo")
    with pytest.raises(ControlError, match="There is no channel"):
        control.get("messages/C0NOWHERE")
