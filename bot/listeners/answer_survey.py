"""A client's answer: a press of a score, and the comment that may follow. Stored before the ack."""

import re
from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.blocks.survey import COMMENT, SCORE, comment_kept_view, comment_view, pressed
from bot.errors import spoken
from bot.payloads import Body, OpenView, action_value, actor, channel_of
from kpi.errors import KpiError
from kpi.services.surveys import Surveys
from kpi.services.surveys.words import Click

NOT_OPENED = "Slack did not open the form in time; please try again."


def register(bolt: App, surveys: Surveys, open_view: OpenView) -> None:
    """Everything a client can do."""
    bolt.action(re.compile(rf"^{SCORE}\d+$"))(spoken(partial(answer, surveys)))
    bolt.action(COMMENT)(spoken(partial(ask_comment, surveys, open_view)))
    bolt.view(COMMENT)(spoken(partial(keep_comment, surveys)))


def answer(surveys: Surveys, ack: Ack, body: dict[str, Any]) -> None:
    """Store a score, then ack; the thanks follow through the queue."""
    token, score = pressed(action_value(body))
    surveys.reply(Click(actor(body), token, score, channel_of(body), _message_ts(body)))
    ack()


def ask_comment(surveys: Surveys, open_view: OpenView, ack: Ack, body: dict[str, Any]) -> None:
    """Open the form for a comment."""
    form = surveys.comment_form(action_value(body), actor(body))
    if not open_view(str(body.get("trigger_id")), comment_view(form)):
        raise KpiError(NOT_OPENED)
    ack()


def keep_comment(surveys: Surveys, ack: Ack, body: dict[str, Any]) -> None:
    """Store a comment, then say so in the form's place."""
    view = body["view"]
    written = view["state"]["values"]["comment"]["comment"]["value"]
    locale = surveys.comment(view["private_metadata"], actor(body), written or "")
    ack(response_action="update", view=comment_kept_view(locale))


def _message_ts(body: Body) -> str | None:
    container = body.get("container") or {}
    return container.get("message_ts") or (body.get("message") or {}).get("ts")
