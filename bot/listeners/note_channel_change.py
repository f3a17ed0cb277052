"""A channel began or ceased to be shared with another organisation: what we remember of it no longer holds."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.errors import spoken
from bot.payloads import slack_id
from kpi.services.people import People

EVENTS = ("channel_shared", "channel_unshared")


def register(bolt: App, people: People) -> None:
    """Both directions of the change."""
    for event in EVENTS:
        bolt.event(event)(spoken(partial(forget, people)))


def forget(people: People, ack: Ack, event: dict[str, Any]) -> None:
    """Ask again the next time it matters."""
    channel_id = slack_id(event.get("channel"))
    if channel_id:
        is_alone = event.get("type") == "channel_unshared" and event.get("is_ext_shared") is False
        people.forget_channel(channel_id, is_alone=is_alone)
    ack()
