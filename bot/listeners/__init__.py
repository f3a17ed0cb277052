"""What people do in Slack: one file each, listed here, one line each."""

from slack_bolt import App

from bot.listeners import (
    answer_survey,
    ask_kpi,
    cancel_survey,
    log_interaction,
    note_channel_change,
    resend_message,
)
from bot.listeners.ask_kpi import Desk
from bot.payloads import OpenView
from kpi.services.deliveries import Deliveries
from kpi.services.surveys import Surveys


def register_all(bolt: App, surveys: Surveys, desk: Desk, deliveries: Deliveries, open_view: OpenView) -> None:
    """Teach Bolt every listener. The first that matches answers, so `/kpi log` stands before the rest of `/kpi`."""
    log_interaction.register(bolt, surveys, desk.reader, open_view)
    cancel_survey.register(bolt, surveys, open_view)
    answer_survey.register(bolt, surveys, open_view)
    resend_message.register(bolt, deliveries, surveys.people)
    note_channel_change.register(bolt, surveys.people)
    ask_kpi.register(bolt, desk)
