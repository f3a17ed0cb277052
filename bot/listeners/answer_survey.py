"""A client's answer: a press of a score, the comment that may follow, or a wish to be left in peace. Stored before
the ack."""

import re
from functools import partial
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.blocks.survey import COMMENT, SCORE, WISH, comment_kept_view, comment_view, heeded, pressed
from bot.errors import say_to, spoken
from bot.payloads import Body, OpenView, action_value, actor, channel_of, word
from kpi.errors import KpiError
from kpi.services.surveys import Surveys
from kpi.services.surveys.opting import Wish
from kpi.services.surveys.words import Click

NOT_OPENED = "Slack did not open the form in time; please try again."


def register(bolt: App, surveys: Surveys, open_view: OpenView) -> None:
    """Everything a client can do."""
    bolt.action(re.compile(rf"^{SCORE}\d+$"))(spoken(partial(answer, surveys)))
    bolt.action(COMMENT)(spoken(partial(ask_comment, surveys, open_view)))
    bolt.view(COMMENT)(spoken(partial(keep_comment, surveys)))
    for wish in Wish:
        bolt.action(f"{WISH}{wish}")(spoken(partial(heed, surveys, wish)))


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
    values = view["state"]["values"]
    written = values["comment"]["comment"]["value"]
    ticked = [str(option["value"]) for option in _ticked(values)]
    locale = surveys.comment(word(view["private_metadata"]), actor(body), written or "", ticked)
    ack(response_action="update", view=comment_kept_view(locale))


def heed(surveys: Surveys, wish: Wish, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
    """Ask somebody less, no more, or as before; told to them alone."""
    token = action_value(body)
    locale = surveys.wish(token, actor(body), wish)
    ack()
    say_to(heeded(wish, token, locale), respond)


def _ticked(values: Body) -> list[Body]:
    return ((values.get("tags") or {}).get("tags") or {}).get("selected_options") or []


def _message_ts(body: Body) -> str | None:
    container = body.get("container") or {}
    return container.get("message_ts") or (body.get("message") or {}).get("ts")
