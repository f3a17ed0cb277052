"""A person writes a message."""

from typing import Any

from sandbox import timeline
from sandbox.acts.event import deliver_event
from sandbox.acts.outcome import Body
from sandbox.errors import Refusal
from sandbox.payloads import message_event
from sandbox.slack import Slack


class Message(Body):
    """Who writes what, where."""

    channel: str
    user: str
    text: str
    thread_ts: str | None = None


async def write(slack: Slack, body: Message) -> dict[str, Any]:
    """Store the message; the app hears of it where the bot is a member."""
    user = slack.person(body.user)
    channel = slack.place(body.channel, user)
    if channel.is_archived:
        raise Refusal(403, f"#{channel.name} is archived.")
    if body.thread_ts and not slack.timeline.find(channel.id, body.thread_ts):
        raise Refusal(404, f"There is no message {body.thread_ts} in #{channel.name}.")
    message = timeline.Message(channel.id, slack.clock.next(), user.id, body.text, thread_ts=body.thread_ts)
    slack.timeline.add(message)
    stored = {"channel": channel.id, "ts": message.ts}
    if slack.world.bot.id not in channel.members:
        return {**stored, "event_id": None, "ack": None}
    return {**stored, **await deliver_event(slack, message_event(slack, user, message), {})}
