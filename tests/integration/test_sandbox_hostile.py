"""Nonsense from an app or a test gets a plain refusal: never a server error, never half a change."""

from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import limits
from sandbox.blocks import elements_of, with_ids
from sandbox.client import Control, ControlError
from sandbox.errors import SlackError
from sandbox.render import Canvas
from sandbox.seed import seed_world
from sandbox.server import Sandbox, SandboxConfig
from sandbox.validation import checked_blocks, checked_view
from sandbox.values import KINDS, state_values

CONFIG = SandboxConfig(pace=None)
FIELDS = [
    *limits.SHAPES,
    *("items", "value", "multiline", "optional", "chart", "style", "dispatch_action", "image_url", "subtitle", "body"),
]
TYPES = [*limits.BLOCKS, *limits.ELEMENTS, "plain_text", "mrkdwn", "nonsense"]
SCALARS = st.none() | st.booleans() | st.integers(-2, 200) | st.text(max_size=8) | st.floats(allow_nan=False)


def typed(children: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    named = st.dictionaries(st.sampled_from(FIELDS), children, max_size=5)
    return st.builds(lambda kind, rest: {**rest, "type": kind}, st.sampled_from(TYPES), named)


NODES = st.recursive(SCALARS, lambda children: st.lists(children, max_size=3) | typed(children), max_leaves=20)


@given(st.lists(NODES, max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_blocks_are_either_refused_or_can_be_stored_touched_and_shown(blocks: list[Any]) -> None:
    try:
        stored = with_ids(checked_blocks(blocks))
    except SlackError:
        return
    world = seed_world()
    assert isinstance(Canvas(world, world.users["U0ANNA"]).blocks(stored), str)
    assert state_values(stored, {}).keys() <= {block_id for block_id, _ in elements_of(stored)}


@given(NODES)
@settings(max_examples=200, deadline=None)
def test_any_view_is_either_taken_or_refused(view: Any) -> None:
    with suppress(SlackError):
        assert checked_view(view, limits.MODAL) == view


@given(st.sampled_from(list(KINDS)), NODES)
@settings(max_examples=200, deadline=None)
def test_any_element_is_either_refused_or_has_a_state(kind: str, extra: Any) -> None:
    more = extra if isinstance(extra, dict) else {"initial_value": extra}
    element = {**more, "type": kind, "action_id": "a"}
    blocks = [{"type": "input", "label": {"type": "plain_text", "text": "?"}, "element": element}]
    try:
        stored = with_ids(checked_blocks(blocks))
    except SlackError:
        return
    assert state_values(stored, {})


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("users.list", {"limit": "many"}, "invalid_limit"),
        ("users.list", {"limit": -1}, "invalid_limit"),
        ("users.list", {"cursor": ["a"]}, "invalid_cursor"),
        ("chat.postMessage", {"channel": 7, "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0TEAM", "text": 7}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0TEAM", "text": "x", "metadata": 7}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": "C0TEAM", "blocks": "[["}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C0TEAM", "text": "x", "thread_ts": {"a": 1}}, "thread_not_found"),
        ("chat.update", {"channel": "C0TEAM", "ts": 1.5, "text": "x"}, "message_not_found"),
        ("conversations.open", {"users": [1, None]}, "user_not_found"),
        ("conversations.info", {"channel": ["C0TEAM"]}, "channel_not_found"),
        ("views.open", {"trigger_id": {}, "view": {}}, "invalid_arguments"),
        ("views.publish", {"user_id": "U0ANNA", "view": 7}, "invalid_arguments"),
        ("bots.info", {"bot": []}, "bot_not_found"),
    ],
)
def test_arguments_of_the_wrong_kind_get_slacks_error(
    slack: Sandbox, method: str, args: dict[str, Any], error: str
) -> None:
    answer = httpx.post(f"{slack.api_url}{method}", json=args, headers={"Authorization": "Bearer xoxb-sandbox"})
    assert (answer.status_code, answer.json()["error"]) == (200, error)


@pytest.mark.parametrize(
    ("body", "error"), [("{", "invalid_json"), ("[1]", "json_not_object"), ("null", "json_not_object")]
)
def test_a_body_that_is_no_json_object_is_named(slack: Sandbox, body: str, error: str) -> None:
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}
    assert httpx.post(f"{slack.api_url}auth.test", content=body, headers=headers).json()["error"] == error


def test_broken_credentials_open_nothing(slack: Sandbox) -> None:
    for credentials in ("Basic !!!", "Basic", "Bearer", "Nonsense"):
        answer = httpx.post(f"{slack.api_url}oauth.v2.access", headers={"Authorization": credentials})
        assert answer.json()["error"] == "invalid_client_id"


def test_nonsense_to_the_control_api_is_a_sentence(slack: Sandbox) -> None:
    with Control(slack.url) as control:
        for path, query in (("messages/C0TEAM", {"wait": "long"}), ("calls", {"at_least": "some"})):
            with pytest.raises(ControlError, match="must be a number") as refused:
                control.get(path, **query)
            assert refused.value.status == 400
        for act in ("faults", "world", "disconnect", "message"):
            answer = httpx.post(f"{slack.url}/_control/{act}", content="{")
            assert (answer.status_code, answer.json()["error"]) == (400, "The body is not JSON.")
            answer = httpx.post(f"{slack.url}/_control/{act}", content="[]")
            assert answer.status_code in {400, 422}


def test_nonsense_to_the_page_comes_back_as_a_note(slack: Sandbox) -> None:
    for fields in (
        {},
        {"user": "U0NOBODY", "channel": "C0TEAM"},
        {"user": "U0ANNA", "channel": "C0TEAM", "click": "x"},
    ):
        answer = httpx.post(f"{slack.url}/_page/do", data=fields, follow_redirects=True)
        assert answer.status_code == 200
        assert 'class="note"' in answer.text
