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
from kpi.services.surveys import Surveys


def register(bolt: App, surveys: Surveys, accounts: Accounts) -> None:
    """The buttons of the card about a stranger."""
    bolt.action(re.compile(rf"^{MAP}\d+$"))(spoken(partial(is_contact, surveys)))
    bolt.action(NEW)(spoken(partial(is_new, surveys, accounts)))
    bolt.action(DISCARD)(spoken(partial(is_nobody, surveys)))


def is_contact(surveys: Surveys, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """They are a contact that is known already, until now without a Slack user."""
    place, contact_id = decided(action_value(body))
    if contact_id is None:
        raise KpiError("That button says nobody; nothing was changed.")
    counted = surveys.map_stranger(place, contact_id, actor(body))
    ack()
    show_instead({"text": counted_words(counted), "blocks": []}, respond)


def is_new(surveys: Surveys, accounts: Accounts, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """They are a new contact of the account."""
    (account_id, user_id, _), _ = decided(action_value(body))
    accounts.add_contacts(account_id, (user_id,), actor(body))
    counted = surveys.count_known(surveys.now())
    ack()
    show_instead({"text": counted_words(counted), "blocks": []}, respond)


def is_nobody(surveys: Surveys, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """They are no client of ours."""
    (account_id, user_id, _), _ = decided(action_value(body))
    discarded = surveys.discard_stranger(account_id, user_id, actor(body))
    ack()
    show_instead({"text": discarded_words(discarded), "blocks": []}, respond)
