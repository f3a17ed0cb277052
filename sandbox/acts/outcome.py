"""What an act came to, as the control API tells it."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from sandbox.delivery import Ack
from sandbox.slack import Slack


class Body(BaseModel):
    """The JSON of an act; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


def told(slack: Slack, ack: Ack, user: str, since: str) -> dict[str, Any]:
    """The acknowledgement, the modal now in front of the user (or null), and what only they came to see."""
    stack = slack.views.stack(user)
    return {
        "ack": ack.json(),
        "view": slack.view(stack[-1]) if stack else None,
        "ephemeral": [slack.message(message) for message in slack.timeline.ephemeral_since(since, user)],
    }
