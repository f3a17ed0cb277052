"""Sending a failed message again, on a human's word."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.blocks.notice import RESEND
from bot.errors import say_privately, spoken
from bot.payloads import action_value, actor, row_id
from kpi.services.deliveries import Deliveries
from kpi.services.people import People


def register(bolt: App, deliveries: Deliveries, people: People) -> None:
    """The button below the notice about a failed message."""
    bolt.action(RESEND)(spoken(partial(resend, deliveries, people)))


def resend(deliveries: Deliveries, people: People, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """Queue the message again, once however often the button is pressed, and say so."""
    by = actor(body)
    people.require_member(by.user_id, by.team_id, "send messages again")
    said = deliveries.resend(row_id(action_value(body)), by.user_id)
    ack()
    say_privately(said, respond)
