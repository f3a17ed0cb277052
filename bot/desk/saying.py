"""Saying a card where Slack tells at once whether it takes what it is to draw: through a response url."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from slack_bolt import Respond

from bot.blocks.kpi_card import Card
from bot.blocks.ladder import NATIVE, has_native, lower, lowered
from bot.errors import aside
from kpi.services.capability import UNKNOWN, Capability

log = structlog.get_logger(__name__)

REFUSED = "invalid_blocks"


def at_once(card: Card, capability: Capability) -> tuple[Mapping[str, Any], bool]:
    """What the ack says of a card, without a verdict of Slack's: as much as this workspace is known to draw.

    Where that is not known, the sentence alone, and True: the card is to follow, so that Slack tells what it takes.
    """
    rung = capability.rung()
    if rung == UNKNOWN and has_native(card):
        return {"text": card["text"]}, True
    return lowered(card, rung), False


def say(card: Card, respond: Respond, capability: Capability) -> None:
    """Say a card for the asker's eyes only, without holding up the ack; on a lower rung where Slack refuses it."""
    aside(say_now, card=card, respond=respond, capability=capability)


def say_now(card: Card, respond: Respond, capability: Capability) -> None:
    """Say a card rung by rung until Slack takes it; a url that is over, or another failure, teaches nothing."""
    rung: str | None = capability.rung()
    while rung is not None:
        answer = respond(**lowered(card, rung), response_type="ephemeral", replace_original=False)
        if answer.status_code == HTTPStatus.OK:
            if has_native(card):
                capability.learnt(NATIVE if rung == UNKNOWN else rung)
            return
        reason = (answer.body or "")[:200]
        log.warning("answer_refused", rung=rung, reason=reason)
        rung = lower(rung) if REFUSED in reason and has_native(card) else None
