"""A person clicks a button or picks from a select, in a message or in a view."""

from typing import Any

from pydantic import Field

from sandbox.acts.outcome import Body, told
from sandbox.blocks import Block, Element, elements_of
from sandbox.delivery import INTERACTIVE
from sandbox.errors import Refusal
from sandbox.payloads import message_action, view_action
from sandbox.slack import Slack
from sandbox.timeline import Message
from sandbox.values import state_values
from sandbox.views import View
from sandbox.world import User


class Click(Body):
    """Who touches which element: `action` is its action_id, `value` tells equal buttons apart or is what was typed."""

    user: str
    action: str
    channel: str | None = None
    messageTs: str | None = None  # noqa: N815 - the control API's own spelling
    viewId: str | None = None  # noqa: N815 - the control API's own spelling
    block: str | None = None
    value: str | None = None
    selected: Any = None
    values: dict[str, Any] = Field(default_factory=dict)


async def click(slack: Slack, body: Click) -> dict[str, Any]:
    """Deliver `block_actions` with the state of all inputs beside the one touched."""
    user = slack.person(body.user)
    place = _view(slack, body) if body.viewId else _message(slack, user, body)
    block_id, element = _element(place.blocks, body)
    if user.id not in element.get("visible_to_user_ids", [user.id]):
        raise Refusal(403, f"{user.real_name} does not see “{body.action}”.")
    chosen = body.selected if body.selected is not None else body.value
    typed = {**place.typed, **body.values} if isinstance(place, View) else body.values
    state = state_values(place.blocks, typed)
    if isinstance(place, View):
        place.typed = typed
        payload = view_action(slack, user, place, (block_id, element, chosen))
        payload["view"] = slack.view(place, state)
    else:
        payload = message_action(slack, user, place, (block_id, element, chosen))
    action = {name: value for name, value in payload["actions"][0].items() if name not in _NOT_STATE}
    if element["type"] not in {"button", "icon_button", "overflow"}:
        state.setdefault(block_id, {})[element["action_id"]] = action
    payload.setdefault("state", {"values": state})
    since = slack.clock.next()
    return told(slack, await slack.deliver(INTERACTIVE, payload), user.id, since)


_NOT_STATE = {"action_id", "block_id", "action_ts"}


def _view(slack: Slack, body: Click) -> View:
    view = slack.views.find(body.viewId or "")
    if view is None or view.user != body.user:
        raise Refusal(404, f"{body.user} has no view {body.viewId} open.")
    return view


def _message(slack: Slack, user: User, body: Click) -> Message:
    channel = slack.place(body.channel or "", user)
    message = slack.timeline.find(channel.id, body.messageTs or "")
    if message is None or message.ephemeral_to not in {None, user.id}:
        raise Refusal(404, f"{user.real_name} sees no message {body.messageTs} in {channel.id}.")
    return message


def _element(blocks: list[Block], body: Click) -> tuple[str, Element]:
    offered = elements_of(blocks)
    named = [(b, e) for b, e in offered if e["action_id"] == body.action and body.block in {None, b}]
    if body.value is not None and named and named[0][1]["type"] == "button":
        named = [(block_id, element) for block_id, element in named if element.get("value") == body.value]
    if not named:
        known = ", ".join(str(element["action_id"]) for _, element in offered) or "nothing"
        raise Refusal(404, f"There is no “{body.action}” with that value to click; there is {known}.")
    return named[0]
