"""`/kpi …`: a question about a KPI, answered inside the ack and for the asker's eyes only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import uuid4

from slack_bolt import Ack, App

from bot.blocks.kpi_card import Card, help_card, kpi_card, list_card
from bot.blocks.reader import Reader
from bot.errors import spoken
from bot.payloads import Body, actor, channel_of, typed
from kpi.errors import UnknownWord
from kpi.model import KpiValue
from kpi.services.answers import Admission, Answers, Place
from kpi.services.asked import Understood
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
    """Answer whoever may ask; anybody else gets a polite no. Both are written down."""
    with desk.answers.asking(actor(body), channel_of(body)) as admission:
        asked = desk.reports.read(typed(body))
        admission.entry.understood = Understood(asked.verb)
        page = _PAGES[asked.verb](desk) if asked.question is None else _answer(desk, body, admission, asked.question)
    ack(response_type="ephemeral", **page)


def _known(desk: Desk, question: Question) -> KpiValue:
    try:
        return desk.reports.answer(question)
    except UnknownWord as unknown:
        raise UnknownWord(f"{unknown} {BESIDES}", unknown.nearest) from unknown


def _answer(desk: Desk, body: Body, admission: Admission, question: Question) -> Mapping[str, Any]:
    place = admission.place()
    theirs = replace(question, scope=admission.scope(question.scope), owners=admission.owners)
    value = _known(desk, theirs)
    admission.entry.understood = Understood("answer", value.key, value.scope, value.period.key)
    card = kpi_card(value, desk.reader)
    if place is Place.HERE:
        return card
    desk.answers.say_privately(admission.who.user_id, card, str(body.get("trigger_id") or uuid4()))
    return {"text": SENT}


_PAGES: Mapping[str, Callable[[Desk], Card]] = {
    "help": lambda _: help_card(),
    "list": lambda desk: list_card(desk.reports.listed()),
}
