"""`/kpi …`: a question about a KPI, answered inside the ack and for the asker's eyes only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from slack_bolt import Ack, App

from bot.blocks.help_card import help_card
from bot.blocks.kpi_card import Card, kpi_card
from bot.blocks.list_card import list_card
from bot.blocks.reader import Reader
from bot.errors import spoken
from bot.payloads import Body, actor, channel_of, typed
from kpi.errors import UnknownWord
from kpi.model import KpiValue
from kpi.services.answers import Answers, Place
from kpi.services.questions import Question
from kpi.services.reports import Reports

COMMAND = "/kpi"
BESIDES = "Besides KPIs there are `/kpi account`, `/kpi log`, `/kpi list` and `/kpi help`."
SENT = "Other organisations can, or may, read this channel, so the answer comes to you as a direct message."


@dataclass(frozen=True, slots=True)
class Desk:
    """Where questions are answered."""

    reports: Reports
    answers: Answers
    reader: Reader


def register(bolt: App, desk: Desk) -> None:
    """Answer `/kpi` whatever follows it; commands of their own (`/kpi log`) register before."""
    bolt.command(COMMAND)(spoken(partial(ask, desk)))


def ask(desk: Desk, ack: Ack, body: dict[str, Any]) -> None:
    """Answer a member; anybody else gets a polite no."""
    who = actor(body)
    desk.answers.admit(who.user_id, who.team_id)
    asked = desk.reports.read(typed(body))
    if asked.question is None:
        ack(response_type="ephemeral", **_PAGES[asked.verb](desk))
    else:
        ack(response_type="ephemeral", **_answer(desk, body, asked.question))


def _known(desk: Desk, question: Question) -> KpiValue:
    try:
        return desk.reports.answer(question)
    except UnknownWord as unknown:
        raise UnknownWord(f"{unknown} {BESIDES}", unknown.nearest) from unknown


def _answer(desk: Desk, body: Body, question: Question) -> Mapping[str, Any]:
    place = desk.answers.place(channel_of(body))
    card = kpi_card(_known(desk, question), desk.reader, "")
    if place is Place.HERE:
        return card
    desk.answers.say_privately(actor(body).user_id, card, str(body.get("trigger_id") or uuid4()))
    return {"text": SENT}


_PAGES: Mapping[str, Callable[[Desk], Card]] = {
    "help": lambda _: help_card(),
    "list": lambda desk: list_card(desk.reports.listed(), desk.reader),
}
