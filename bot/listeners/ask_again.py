"""The buttons and menus below an answer: each carries the words of a request, and asks it."""

import re
from functools import partial
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.desk.counter import Counter
from bot.desk.saying import say
from bot.errors import spoken
from bot.payloads import chosen_value

ASKS = re.compile(r"^kpi_(ask:.+|share)$")


def register(bolt: App, counter: Counter) -> None:
    """Everything that asks when it is pressed."""
    bolt.action(ASKS)(spoken(partial(ask, counter)))


def ask(counter: Counter, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """Answer below what was pressed, for the eyes of who pressed."""
    told = partial(say, respond=respond, capability=counter.capability)
    card = counter.answer(body, chosen_value(body), told)
    ack()
    told(card)
