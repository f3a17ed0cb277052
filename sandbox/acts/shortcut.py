"""A person picks one of the app's shortcuts, from anywhere or on a message."""

from typing import Any

from sandbox.acts.outcome import Body, told
from sandbox.delivery import INTERACTIVE
from sandbox.errors import Refusal
from sandbox.payloads import message_shortcut
from sandbox.payloads import shortcut as global_shortcut
from sandbox.slack import Slack


class Shortcut(Body):
    """Which shortcut, by whom; with channel and messageTs it is a message shortcut."""

    callback_id: str
    user: str
    channel: str | None = None
    messageTs: str | None = None  # noqa: N815 - the control API's own spelling


async def shortcut(slack: Slack, body: Shortcut) -> dict[str, Any]:
    """Deliver it."""
    user = slack.person(body.user)
    if slack.world.is_external(user):
        raise Refusal(403, f"{user.real_name} belongs to another organisation: the app's shortcuts are not shared.")
    if body.messageTs:
        channel = slack.place(body.channel or "", user)
        message = slack.timeline.find(channel.id, body.messageTs)
        if message is None or message.ephemeral_to:
            raise Refusal(404, f"There is no message {body.messageTs} in {channel.id}.")
        payload = message_shortcut(slack, user, message, body.callback_id)
    else:
        payload = global_shortcut(slack, user, body.callback_id)
    since = slack.clock.next()
    return told(slack, await slack.deliver(INTERACTIVE, payload), user.id, since)
