"""A person, or the app itself, comes into a channel."""

from dataclasses import replace
from typing import Any

from sandbox.acts.event import deliver_event
from sandbox.acts.outcome import Body
from sandbox.errors import Refusal
from sandbox.payloads import joined_event
from sandbox.slack import Slack


class Join(Body):
    """Who comes into which channel; `inviter` is a member who brought them, nobody when they came by themselves."""

    channel: str
    user: str
    inviter: str | None = None


async def join(slack: Slack, body: Join) -> dict[str, Any]:
    """They are a member; the app hears of it where it is one, and of its own coming."""
    user, world = slack.person(body.user), slack.world
    channel = (
        slack.place(body.channel, slack.person(body.inviter)) if body.inviter else world.channels.get(body.channel)
    )
    if channel is None or channel.is_im:
        raise Refusal(404, f"There is no channel {body.channel} to join.")
    if world.is_external(user) and not channel.is_ext_shared:
        raise Refusal(403, f"{user.real_name} belongs to another organisation, and #{channel.name} is not shared.")
    if user.id in channel.members:
        return {"event_id": None, "ack": None}
    world.channels[channel.id] = replace(channel, members=(*channel.members, user.id))
    if world.bot.id not in world.channels[channel.id].members:
        return {"event_id": None, "ack": None}
    return await deliver_event(slack, joined_event(slack, user, channel, body.inviter), {})
