"""What people do in Slack: one file each, listed here, one line each."""

from dataclasses import dataclass

from slack_bolt import App

from bot.desk.counter import Counter
from bot.listeners import (
    answer_survey,
    ask_again,
    ask_kpi,
    cancel_survey,
    edit_account,
    log_interaction,
    map_people,
    map_stranger,
    note_channel_change,
    note_talk,
    offer_setup,
    resend_message,
    share_kpi,
)
from bot.payloads import OpenView
from kpi.services.accounts import Accounts
from kpi.services.deliveries import Deliveries
from kpi.services.surveys import Surveys


@dataclass(frozen=True, slots=True)
class House:
    """What listeners lead to."""

    surveys: Surveys
    accounts: Accounts
    counter: Counter
    deliveries: Deliveries
    open_view: OpenView


def register_all(bolt: App, house: House) -> None:
    """Teach Bolt every listener. The first that matches answers, so `/kpi log` stands before the rest of `/kpi`."""
    log_interaction.register(bolt, house.surveys, house.counter.reader, house.open_view)
    cancel_survey.register(bolt, house.surveys, house.open_view)
    answer_survey.register(bolt, house.surveys, house.open_view)
    edit_account.register(bolt, house.accounts, house.counter.reader, house.open_view)
    offer_setup.register(bolt, house.accounts)
    map_people.register(bolt, house.accounts)
    map_stranger.register(bolt, house.surveys.strangers, house.accounts)
    resend_message.register(bolt, house.deliveries, house.surveys.people)
    note_channel_change.register(bolt, house.surveys.people)
    note_talk.register(bolt, house.surveys)
    ask_again.register(bolt, house.counter)
    share_kpi.register(bolt, house.counter)
    ask_kpi.register(bolt, house.counter)
