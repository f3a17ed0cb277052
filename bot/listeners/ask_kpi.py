"""`/kpi …`: whatever can be asked, answered inside the ack and for the asker's eyes only."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.desk.counter import Counter
from bot.desk.saying import at_once, say
from bot.errors import spoken
from bot.payloads import typed

COMMAND = "/kpi"


def register(bolt: App, counter: Counter) -> None:
    """Answer `/kpi` whatever follows it; commands of their own (`/kpi log`) register before."""
    bolt.command(COMMAND)(spoken(partial(ask, counter)))


def ask(counter: Counter, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """Answer whoever may ask; anybody else gets a polite no. Both are written down."""
    card = counter.answer(body, typed(body), partial(say, respond=respond, capability=counter.capability))
    words, card_follows = at_once(card, counter.capability)
    ack(response_type="ephemeral", **words)
    if card_follows:
        say(card, respond, counter.capability)
