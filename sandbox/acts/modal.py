"""A person submits or closes a modal."""

from dataclasses import replace
from typing import Any

from pydantic import Field

from sandbox.acts.outcome import Body, told
from sandbox.delivery import INTERACTIVE, Ack
from sandbox.errors import Refusal, SlackError
from sandbox.payloads import view_event
from sandbox.slack import Slack
from sandbox.values import refuse_unfinished, state_values
from sandbox.views import View
from sandbox.world import User


class Submission(Body):
    """What was filled in: {block_id: {action_id: value}} or {block_id: value}. `force` skips Slack's own checks."""

    viewId: str  # noqa: N815 - the control API's own spelling
    user: str
    values: dict[str, Any] = Field(default_factory=dict)
    force: bool = False


class Closing(Body):
    """Which modal is closed by whom."""

    viewId: str  # noqa: N815 - the control API's own spelling
    user: str


async def submit(slack: Slack, body: Submission) -> dict[str, Any]:
    """Deliver `view_submission` and do what its acknowledgement says; unanswered, the modal stays open."""
    user, view = _open_view(slack, body.viewId, body.user)
    typed = {**view.typed, **body.values}
    state = state_values(view.blocks, typed)
    view.typed = typed
    if not body.force:
        refuse_unfinished(view.blocks, state)
    since = slack.clock.next()
    ack = await slack.deliver(INTERACTIVE, view_event(slack, user, view, state, "view_submission"))
    if not ack.error:
        try:
            _obey(slack, view, ack.body or {})
        except SlackError as error:
            ack = replace(ack, error=error.code)
    answered = ack.body if isinstance(ack.body, dict) else {}
    errors = answered.get("errors") or {}
    outcome = told(slack, ack, user.id, since)
    return {**outcome, "response_action": answered.get("response_action"), "errors": errors}


async def close(slack: Slack, body: Closing) -> dict[str, Any]:
    """The modal is gone; the app hears of it when it asked to."""
    user, view = _open_view(slack, body.viewId, body.user)
    slack.views.close(view)
    if not view.definition.get("notify_on_close"):
        return {"ack": None, "view": None, "ephemeral": []}
    since = slack.clock.next()
    payload = view_event(slack, user, view, state_values(view.blocks, view.typed), "view_closed")
    ack: Ack = await slack.deliver(INTERACTIVE, payload)
    return told(slack, ack, user.id, since)


def _open_view(slack: Slack, view_id: str, user_id: str) -> tuple[User, View]:
    user = slack.person(user_id)
    view = slack.views.modals.get(view_id)
    if view is None or view.user != user.id:
        raise Refusal(404, f"{user.real_name} has no modal {view_id} open.")
    return user, view


def _obey(slack: Slack, view: View, answer: dict[str, Any]) -> None:
    action = answer.get("response_action")
    view.errors = {}
    if action == "errors":
        view.errors = _known_errors(view, answer.get("errors"))
    elif action == "update":
        slack.views.update(view, answer.get("view"))
    elif action == "push":
        slack.views.push(view, answer.get("view"))
    elif action == "clear":
        slack.views.close_all(view.user)
    elif action is None and not answer:
        slack.views.close(view)
    else:
        raise SlackError("invalid_response_action")


def _known_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        raise SlackError("invalid_response_errors")
    return {block_id: str(text) for block_id, text in errors.items()}
