"""Taking a question back before it is asked: the button in the confirmation, then the reason."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.blocks.log_form import CANCEL, cancel_view, reason_given, told_view
from bot.errors import spoken
from bot.payloads import OpenView, action_value, actor, row_id
from kpi.errors import KpiError
from kpi.services.surveys import Surveys

CANCELLED = "The survey is cancelled; the client is not asked."
NOT_OPENED = "Slack did not open the form in time; please try again."


def register(bolt: App, surveys: Surveys, open_view: OpenView) -> None:
    """The button and the form it opens."""
    bolt.action(CANCEL)(spoken(partial(ask_reason, open_view)))
    bolt.view(CANCEL)(spoken(partial(cancel, surveys)))


def ask_reason(open_view: OpenView, ack: Ack, body: dict[str, Any]) -> None:
    """Open the form that asks why."""
    survey_id = row_id(action_value(body))
    if not open_view(str(body.get("trigger_id")), cancel_view(survey_id)):
        raise KpiError(NOT_OPENED)
    ack()


def cancel(surveys: Surveys, ack: Ack, body: dict[str, Any]) -> None:
    """Cancel the survey with the reason given."""
    survey_id, reason = reason_given(body["view"])
    surveys.cancel(survey_id, actor(body), reason)
    ack(response_action="update", view=told_view("Cancelled", CANCELLED))
