"""The bot was brought into a channel: whoever did is offered, once, to set up its account."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.errors import spoken
from bot.payloads import slack_id
from kpi.model import Actor
from kpi.services.accounts import Accounts

EVENT = "member_joined_channel"


def register(bolt: App, accounts: Accounts) -> None:
    """Somebody came into a channel the bot is in; only the bot's own coming matters here."""
    bolt.event(EVENT)(spoken(partial(offer, accounts)))


def offer(accounts: Accounts, ack: Ack, event: dict[str, Any], context: BoltContext) -> None:
    """Offer it to the inviter, whom Slack names by their id alone."""
    channel_id, inviter = slack_id(event.get("channel")), slack_id(event.get("inviter"))
    if event.get("user") == context.bot_user_id and channel_id and inviter:
        accounts.offer(channel_id, Actor(inviter, ""))
    ack()
