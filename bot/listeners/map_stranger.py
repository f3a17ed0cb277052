"""An account manager says who somebody is that answered; then their answers count, or never do."""

import re
from functools import partial
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.blocks.stranger_card import DISCARD, MAP, NEW, counted_words, decided, discarded_words
from bot.errors import show_instead, spoken
from bot.payloads import action_value, actor
from kpi.errors import KpiError
from kpi.services.accounts import Accounts
from kpi.services.surveys.strangers import Strangers


def register(bolt: App, strangers: Strangers, accounts: Accounts) -> None:
    """The buttons of the card about a stranger."""
    bolt.action(re.compile(rf"^{MAP}\d+$"))(spoken(partial(is_contact, strangers)))
    bolt.action(NEW)(spoken(partial(is_new, strangers, accounts)))
    bolt.action(DISCARD)(spoken(partial(is_nobody, strangers)))


def is_contact(strangers: Strangers, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """They are a contact that is known already, until now without a Slack user."""
    place, contact_id = decided(action_value(body))
    if contact_id is None:
        raise KpiError("That button says nobody; nothing was changed.")
    counted = strangers.map(place, contact_id, actor(body))
    ack()
    show_instead({"text": counted_words(counted), "blocks": []}, respond)


def is_new(strangers: Strangers, accounts: Accounts, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """They are a new contact of the account."""
    (account_id, user_id, _), _ = decided(action_value(body))
    accounts.add_contacts(account_id, (user_id,), actor(body))
    counted = strangers.count_newcomer(account_id, user_id)
    ack()
    show_instead({"text": counted_words(counted), "blocks": []}, respond)


def is_nobody(strangers: Strangers, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """They are no client of ours."""
    (account_id, user_id, _), _ = decided(action_value(body))
    discarded = strangers.discard(account_id, user_id, actor(body))
    ack()
    show_instead({"text": discarded_words(discarded), "blocks": []}, respond)
