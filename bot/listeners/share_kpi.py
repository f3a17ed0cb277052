"""Sharing an answer: a channel is chosen below the preview, and the answer posted there."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.blocks.share_card import CHANNEL, SEND, channel_chosen
from bot.desk.counter import Counter
from bot.errors import show_instead, spoken
from bot.payloads import action_value
from kpi.errors import KpiError

WHERE = "Please choose the channel to share it in first."


def register(bolt: App, counter: Counter) -> None:
    """The menu of channels, which does nothing by itself, and the button."""
    bolt.action(CHANNEL)(spoken(chosen))
    bolt.action(SEND)(spoken(partial(share, counter)))


def chosen(ack: Ack) -> None:
    """Slack keeps what was chosen."""
    ack()


def share(counter: Counter, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """Post the answer, and say so in the preview's place."""
    channel_id = channel_chosen(body.get("state") or {})
    if not channel_id:
        raise KpiError(WHERE)
    told = partial(show_instead, respond=respond)
    said = counter.share(body, action_value(body), channel_id, told)
    ack()
    told(said)
