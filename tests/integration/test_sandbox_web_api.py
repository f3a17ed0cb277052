"""The sandbox's Web API, driven with the real slack_sdk client: answers, refusals and who may see what."""

import json
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Control, ControlError
from sandbox.server import Sandbox, SandboxConfig
from tests.integration.sandbox_bench import actions, button, refused, web_client

CONFIG = SandboxConfig(pace=None)


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
