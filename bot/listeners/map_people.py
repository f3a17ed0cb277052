"""A press makes people of a channel contacts of its account."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.blocks.people_card import ADD, ADD_ALL, added_words, asked, people_card
from bot.errors import say_privately, show_instead, spoken
from bot.payloads import action_value, actor
from kpi.services.accounts import Accounts


def register(bolt: App, accounts: Accounts) -> None:
    """The buttons of the list: one for each person, and one for all."""
    for action in (ADD, ADD_ALL):
        bolt.action(action)(spoken(partial(add, accounts)))


def add(accounts: Accounts, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """Store them, then show the list as it is now; where Slack cannot say who is there, just what was done."""
    account_id, users = asked(action_value(body))
    added = accounts.add_contacts(account_id, users, actor(body))
    circle = accounts.circle(account_id)
    ack()
    if circle.is_seen:
        show_instead(people_card(circle), respond)
    else:
        say_privately(added_words(added), respond)
