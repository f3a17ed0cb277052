"""What became of what clients asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.reference.facts import Feedback
from tests.reference.intervals import newcombe
from tests.reference.opinions import clustered, proportion
from tests.reference.population import View
from tests.reference.side import Ends, Side, percent
from tests.reference.spans import Span
from tests.reference.survival import quantile, share_until, steps

FOLLOW_UP_DAYS = 90


def feedback_implementation(view: View, span: Span) -> Side:
    """Implemented by as_of, of what was received in the period and can be done."""
    of_scope = [one for account in view.accounts for one in view.book.feedback.get(account.key, ())]
    found = [one for one in of_scope if one.actionable and view.clock.local(one.received_at) in span]
    side = proportion(list(clustered((one.account, int(bool(one.implemented_at))) for one in found).values()))
    followed_up = view.clock.midnight(span.end + timedelta(FOLLOW_UP_DAYS)) <= view.clock.as_of and not span.is_open
    return replace(side, details=_details(found, view.clock.as_of), material=(side.material, followed_up))


def change(now: Side, then: Side) -> Ends | None:
    """Newcombe's; None before all feedback of both cohorts was followed for 90 days."""
    (ours, we_were), (theirs, they_were) = now.material, then.material
    if not (we_were and they_were):
        return None
    return newcombe(replace(now, material=ours), replace(then, material=theirs))


def _details(found: Sequence[Feedback], as_of: datetime) -> dict[str, Any]:
    n = len(found)
    curve = steps([_course(one, as_of) for one in found])
    return {
        "closure": percent(sum(bool(one.implemented_at or (one.declined_at and one.with_reason)) for one in found), n),
        "told_client": percent(sum(one.told for one in found), n),
        "within_90_days": 100 * share_until(curve, FOLLOW_UP_DAYS) if n else None,
        "median_days": quantile(curve, 0.5),
    }


def _course(one: Feedback, as_of: datetime) -> tuple[int, bool]:
    """Whole days until it was implemented; else until it was declined, or until as_of."""
    until = one.implemented_at or one.declined_at or as_of.astimezone(UTC)
    return (until - one.received_at) // timedelta(1), bool(one.implemented_at)
