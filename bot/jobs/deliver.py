"""Make the one attempt at a delivery, and record exactly what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot import pictures
from bot.blocks.ladder import has_native, lower, lowered
from bot.blocks.limits import faults
from bot.mail import Mail, mail
from bot.outcomes import Ambiguous, Limited, Rejected, Unsent
from bot.queue import Again
from bot.slack import SHARE_FILE, Picture, Slack
from kpi.services.capability import NATIVE, UNKNOWN, Capability
from kpi.services.deliveries import Claim, Crowded, Deliveries, HeldBack

log = structlog.get_logger(__name__)

MAIL = "mail"
MAY_BE_SHARED = "this channel is, or may be, shared with another organisation; numbers are not posted there"

BLOCKS_REFUSED = ("invalid_blocks", "unsupported", "msg_blocks_too_long")
"""How Slack's words for blocks it does not take begin; nothing was posted then."""


CROWDED_SECONDS = 1.0
"""So long a message that finds no turn waits for one, before it makes room for others that will not find one either."""


@dataclass(frozen=True, slots=True)
class Post:
    """What delivering takes; `wait` waits for so many seconds. Without a mail server no e-mail is ever queued."""

    deliveries: Deliveries
    slack: Slack
    capability: Capability
    wait: Callable[[float], None]
    mail: Mail | None = None


def run(post: Post, delivery_id: int) -> None:
    """Deliver one message, at most once. Raises Again when it must wait for long; its channel waits with it."""
    deliveries = post.deliveries
    try:
        _wait_for_turn(post, delivery_id)
        claim = deliveries.claim(delivery_id)
    except HeldBack as held:
        raise Again(held.seconds) from held
    if claim is None:
        return
    wait = _attempt(post, claim)
    if wait is not None:
        raise Again(wait.seconds)


def _wait_for_turn(post: Post, delivery_id: int) -> None:
    """Before the claim: what is being sent never waits."""
    try:
        seconds = post.deliveries.turn(delivery_id)
    except Crowded:
        post.wait(CROWDED_SECONDS)
        seconds = post.deliveries.turn(delivery_id)
    if seconds:
        post.wait(seconds)


def _attempt(post: Post, claim: Claim) -> HeldBack | None:
    deliveries, slack, capability = post.deliveries, post.slack, post.capability
    rung = claim.rung or capability.rung()
    arguments = lowered(claim.arguments, rung)
    if claim.method != MAIL and (found := faults(arguments)):
        deliveries.refused(claim, "; ".join(found))
        return None
    if claim.audience == "internal" and (shared := slack.is_externally_shared(claim.channel_id)) is not False:
        return _kept_inside(deliveries, claim, shared, slack.refused())
    try:
        message_ts = SENDERS.get(claim.method, _post)(post, claim, arguments)
    except Limited as limit:
        return deliveries.held(claim, limit.seconds)
    except Unsent as failure:
        return deliveries.not_sent(claim, str(failure))
    except Rejected as refusal:
        log.warning("delivery_refused", delivery=claim.delivery_id, method=claim.method, reason=refusal.code, rung=rung)
        if (below := _below(arguments, rung, refusal.code)) is not None:
            return deliveries.lower(claim, below, refusal.code)
        deliveries.refused(claim, refusal.code)
    except Ambiguous as doubt:
        log.warning("delivery_in_doubt", delivery=claim.delivery_id, method=claim.method, reason=str(doubt))
        deliveries.uncertain(claim, str(doubt))
    else:
        deliveries.sent(claim, message_ts)
        _learn(capability, claim, rung)
    return None


def _post(post: Post, claim: Claim, arguments: Mapping[str, Any]) -> str | None:
    return post.slack.send(claim.method, arguments)


def _show(post: Post, claim: Claim, arguments: Mapping[str, Any]) -> None:
    """Draw what the delivery keeps in figures, and share the picture."""
    line = pictures.line_of(arguments["picture"])
    words = (line.title, pictures.alt_text(line), arguments["text"])
    post.slack.share(claim.channel_id, Picture(f"kpi-{claim.delivery_id}", *words, pictures.png(line)))


def _mail(post: Post, claim: Claim, arguments: Mapping[str, Any]) -> None:
    if post.mail is None:
        raise Rejected("no_mail_server")
    mail(post.mail, claim, {**arguments, "to": claim.channel_id})


SENDERS: Mapping[str, Callable[[Post, Claim, Mapping[str, Any]], str | None]] = {SHARE_FILE: _show, MAIL: _mail}
"""The methods that are more than one call of Slack's; all others are called as they are."""


def _kept_inside(deliveries: Deliveries, claim: Claim, shared: bool | None, refused: str | None) -> HeldBack | None:
    """Numbers stay inside: asked again later where Slack could not say who reads there, else never sent.

    `refused` is why Slack takes our token no more, which is then the reason.
    """
    if shared is None:
        return deliveries.not_sent(claim, refused or MAY_BE_SHARED)
    deliveries.refused(claim, MAY_BE_SHARED)
    return None


def _below(arguments: Mapping[str, Any], rung: str, code: str) -> str | None:
    """The rung to try a refused message on; None where its blocks were not refused, or it has none Slack draws."""
    return lower(rung) if code.startswith(BLOCKS_REFUSED) and has_native(arguments) else None


def _learn(capability: Capability, claim: Claim, rung: str) -> None:
    """Remember a rung only once a message got through on it: a refusal alone may be a fault of that message."""
    if has_native(claim.arguments) and (claim.rung is not None or rung == UNKNOWN):
        capability.learnt(claim.rung or NATIVE)
