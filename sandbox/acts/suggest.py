"""A person types into a select whose options the app loads."""

from typing import Any

from pydantic import Field

from sandbox.acts.outcome import Body
from sandbox.blocks import Element, elements_of
from sandbox.delivery import INTERACTIVE
from sandbox.errors import Refusal
from sandbox.payloads import suggestion
from sandbox.rules import element_faults
from sandbox.slack import Slack
from sandbox.values import state_values
from sandbox.views import View
from sandbox.world import User

Touched = tuple[str, Element, str]
"""block_id, element and what was typed."""


class Search(Body):
    """Who types `value` into which select of a view; `values` is what else was filled in."""

    viewId: str  # noqa: N815 - the control API's own spelling
    user: str
    action: str
    value: str = ""
    values: dict[str, Any] = Field(default_factory=dict)


async def suggest(slack: Slack, body: Search) -> dict[str, Any]:
    """Deliver `block_suggestion`; what the app offers."""
    user = slack.person(body.user)
    view = slack.views.find(body.viewId)
    if view is None or view.user != user.id:
        raise Refusal(404, f"{user.real_name} has no view {body.viewId} open.")
    found = [(block_id, element) for block_id, element in externals(view) if element["action_id"] == body.action]
    if not found:
        raise Refusal(404, f"“{body.action}” is no select whose options the app loads.")
    view.typed = {**view.typed, **body.values}
    return await offered(slack, user, view, (*found[0], body.value))


async def offer_all(slack: Slack, user: User, view: View) -> None:
    """What every such select offers before anything is typed, kept with the view until it changes."""
    for block_id, element in externals(view):
        if element["action_id"] not in view.offered and not element.get("min_query_length"):
            outcome = await offered(slack, user, view, (block_id, element, ""))
            view.offered[element["action_id"]] = {name: outcome[name] for name in ("options", "option_groups")}


async def offered(slack: Slack, user: User, view: View, touched: Touched) -> dict[str, Any]:
    """What the app offers, nothing where its answer is not one Slack takes."""
    payload = suggestion(slack, user, view, touched)
    payload["view"] = slack.view(view, state_values(view.blocks, view.typed))
    ack = await slack.deliver(INTERACTIVE, payload)
    answer = ack.body if isinstance(ack.body, dict) else {}
    given = {name: answer[name] for name in ("options", "option_groups") if answer.get(name)}
    offer = {"type": "static_select", **given}
    faults = list(element_faults(offer, f"/{touched[1]['action_id']}")) if given else []
    shown = {"options": [], "option_groups": []} | ({} if faults else given)
    return {"ack": {**ack.json(), "error": ack.error or "; ".join(faults) or None}, **shown}


def externals(view: View) -> list[tuple[str, Element]]:
    """The view's selects whose options the app loads, with the block_id each stands in."""
    return [(block_id, each) for block_id, each in elements_of(view.blocks) if "external_select" in each["type"]]
