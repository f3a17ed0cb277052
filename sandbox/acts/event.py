"""Events: delivered once, and again up to three times when not acknowledged."""

import asyncio
from typing import Any

from pydantic import Field

from sandbox.acts.outcome import Body
from sandbox.delivery import EVENT, Ack
from sandbox.payloads import event_callback
from sandbox.slack import Slack


class Event(Body):
    """Any event; `over` replaces fields of its outer envelope (`event_id` repeats a delivery)."""

    event: dict[str, Any]
    over: dict[str, Any] = Field(default_factory=dict)


class Opening(Body):
    """Who opens the app's Home."""

    user: str


async def send(slack: Slack, body: Event) -> dict[str, Any]:
    """Deliver the event as given."""
    return await deliver_event(slack, body.event, body.over)


async def open_home(slack: Slack, body: Opening) -> dict[str, Any]:
    """`app_home_opened`; an external user's comes in the name of their own team."""
    user = slack.person(body.user)
    channel, _ = slack.world.direct_message([user.id])
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": "home",
        "event_ts": slack.clock.next(),
    }
    if home := slack.views.homes.get(user.id):
        event["view"] = slack.view(home)
    outcome = await deliver_event(slack, event, {"team_id": user.team_id})
    home = slack.views.homes.get(user.id)
    return {**outcome, "view": slack.view(home) if home else None}


async def deliver_event(slack: Slack, event: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """The first attempt's outcome; retries follow in the background. Nothing is sent when not subscribed."""
    wanted = slack.config.events
    if wanted is not None and not {event.get("type"), _subscription(event)} & wanted:
        return {"event_id": None, "ack": None}
    payload = event_callback(slack, event, over)
    ack = await slack.deliver(EVENT, payload)
    if ack.error and ack.retry_wanted:
        task = asyncio.create_task(_retry(slack, payload, ack))
        slack.retries.add(task)
        task.add_done_callback(slack.retries.discard)
    return {"event_id": payload["event_id"], "ack": ack.json()}


async def _retry(slack: Slack, payload: dict[str, Any], ack: Ack) -> None:
    for number, delay in enumerate(slack.config.retry_delays_seconds, start=1):
        await asyncio.sleep(delay)
        ack = await slack.deliver(EVENT, payload, (number, _reason(ack)))
        if not ack.error or not ack.retry_wanted:
            return


def _reason(ack: Ack) -> str:
    if ack.error == "operation_timeout":
        return "http_timeout"
    return "connection_failed" if ack.status is None else "http_error"


def _subscription(event: dict[str, Any]) -> str:
    kinds = {"channel": "channels", "group": "groups"}
    channel_type = str(event.get("channel_type", ""))
    return f"{event.get('type')}.{kinds.get(channel_type, channel_type)}"
