"""Somebody writes in a client's channel: when, and in which thread. What they write is neither read nor kept."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.errors import spoken
from kpi.services.surveys import Surveys

MESSAGE = "message"
_NOT_TALK = ("message_deleted", "message_changed", "channel_join", "channel_leave")


def register(bolt: App, surveys: Surveys) -> None:
    """Messages of every kind, in channels and private channels."""
    bolt.event(MESSAGE)(spoken(partial(note, surveys)))


def note(surveys: Surveys, ack: Ack, event: dict[str, Any]) -> None:
    """Note the conversation, so that no question is put into the middle of it."""
    channel_id, ts, thread_ts = (event.get(name) for name in ("channel", "ts", "thread_ts"))
    if event.get("subtype") not in _NOT_TALK and isinstance(channel_id, str) and isinstance(ts, str):
        surveys.talked(channel_id, ts, thread_ts if isinstance(thread_ts, str) else None)
    ack()
