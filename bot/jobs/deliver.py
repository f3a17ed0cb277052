"""Make the one attempt at a delivery, and record exactly what became of it."""

import structlog

from bot.blocks.limits import faults
from bot.queue import Again
from bot.slack import Ambiguous, Limited, Rejected, Slack, Unsent
from kpi.services.deliveries import Claim, Deliveries, HeldBack

log = structlog.get_logger(__name__)

MAY_BE_SHARED = "this channel is, or may be, shared with another organisation; numbers are not posted there"


def run(deliveries: Deliveries, slack: Slack, delivery_id: int) -> None:
    """Deliver one message, at most once. Raises Again when it must wait; its channel waits with it."""
    try:
        claim = deliveries.claim(delivery_id)
    except HeldBack as wait:
        raise _again(deliveries, wait) from wait
    if claim is None:
        return
    wait_for = _attempt(deliveries, slack, claim)
    if wait_for is not None:
        raise _again(deliveries, wait_for)


def _attempt(deliveries: Deliveries, slack: Slack, claim: Claim) -> HeldBack | None:
    if found := faults(claim.arguments):
        deliveries.refused(claim, "; ".join(found))
        return None
    if claim.audience == "internal":
        shared = slack.is_externally_shared(claim.channel_id)
        if shared is None:
            return deliveries.not_sent(claim, MAY_BE_SHARED)
        if shared:
            deliveries.refused(claim, MAY_BE_SHARED)
            return None
    try:
        message_ts = slack.send(claim.method, claim.arguments)
    except Limited as limit:
        return deliveries.held(claim, limit.seconds)
    except Unsent as failure:
        return deliveries.not_sent(claim, str(failure))
    except Rejected as refusal:
        log.warning("delivery_refused", delivery=claim.delivery_id, method=claim.method, reason=refusal.code)
        deliveries.refused(claim, refusal.code)
    except Ambiguous as doubt:
        log.warning("delivery_in_doubt", delivery=claim.delivery_id, method=claim.method, reason=str(doubt))
        deliveries.uncertain(claim, str(doubt))
    else:
        deliveries.sent(claim, message_ts)
    return None


def _again(deliveries: Deliveries, wait: HeldBack) -> Again:
    return Again((wait.until - deliveries.now()).total_seconds())
