"""A person types a slash command."""

from dataclasses import replace
from typing import Any

from sandbox.acts.outcome import Body, told
from sandbox.answers import post_answer
from sandbox.delivery import COMMAND, Ack
from sandbox.errors import Refusal, SlackError
from sandbox.payloads import slash_command
from sandbox.slack import Slack
from sandbox.tickets import ResponseUrl


class Command(Body):
    """Who types which command where; `text` is what stands after it."""

    channel: str
    user: str
    command: str
    text: str = ""


async def command(slack: Slack, body: Command) -> dict[str, Any]:
    """Deliver it; what the acknowledgement says is shown to the user, or to all when it is `in_channel`."""
    user = slack.person(body.user)
    if slack.world.is_external(user):
        raise Refusal(403, f"{user.real_name} belongs to another organisation: {body.command} is not shared with it.")
    channel = slack.place(body.channel, user)
    if channel.is_archived:
        raise Refusal(403, f"#{channel.name} is archived.")
    since = slack.clock.next()
    ack = await slack.deliver(COMMAND, slash_command(slack, user, channel, (body.command, body.text)))
    return told(slack, _shown(slack, ack, ResponseUrl(user.id, channel.id, 0.0)), user.id, since)


def _shown(slack: Slack, ack: Ack, where: ResponseUrl) -> Ack:
    if ack.error or not ack.body:
        return ack
    try:
        post_answer(slack, where, ack.body)
    except SlackError as error:
        return replace(ack, error=error.code)
    return ack
