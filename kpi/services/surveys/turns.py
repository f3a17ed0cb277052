"""Whose turn it is to be asked by the calendar, and who of an account is drawn when not all may be. Pure."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kpi.periods import midnight
from kpi.policy.surveys import Programme
from kpi.services.surveys.budget import Ask, too_soon
from kpi.services.surveys.moments import right_moment
from kpi.services.surveys.rules import Case, Rules

HORIZON_DAYS = 14
HORIZON = timedelta(days=HORIZON_DAYS)
"""How many days ahead a turn is planned: others keep away from it from then on."""
NOT_DRAWN, NOT_SAMPLED = "not_drawn", "not_sampled"


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody whose turn may have come. `last_at`: when they were last asked, or their turn passed."""

    contact_id: int
    case: Case
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What becomes of a turn: a question at `due_at`, or the reason why not now; `probability` of being asked."""

    turn: Turn
    due_at: datetime
    reason: str | None
    probability: float


def due_from(programme: Programme, rules: Rules, turn: Turn, now: datetime) -> datetime:
    """From when on somebody is due: `every` after the last time, or `before_renewal`, whichever comes first."""
    every = programme.every or timedelta(0)
    regular = now if turn.last_at is None else turn.last_at + every
    if programme.before_renewal is None or turn.case.renews_on is None:
        return regular
    window = midnight(turn.case.renews_on, rules.zone) - programme.before_renewal
    gap = rules.policy.budget.gap(programme.instrument, programme.instrument)
    if turn.last_at is not None and turn.last_at >= window:
        return regular
    return min(regular, window if turn.last_at is None else max(window, turn.last_at + gap))


def passed(programme: Programme, rules: Rules, reason: str | None, at: datetime) -> datetime:
    """As of when a turn that led to no question counts. Left out by the programme's own draw, or by one of our people:
    like one that did. For want of room: so that they are drawn again once the account's budget is new."""
    if reason in (None, NOT_SAMPLED):
        return at
    span = rules.policy.budget.account_span
    return at + span - (programme.every or span)


def drawn(
    programme: Programme, rules: Rules, turns: Sequence[Turn], known: Iterable[Ask], now: datetime
) -> list[Drawn]:
    """Who of one account is asked, and when: at random where the budget has not room for all, each alike probably."""
    horizon = now + timedelta(days=HORIZON_DAYS)
    asks = list(known)
    due = [turn for turn in turns if due_from(programme, rules, turn, now) < horizon]
    due = [turn for turn in due if rules.withheld(programme, turn.case) is None]
    free = [(turn, at) for turn in due if (at := _first_free(programme, rules, turn, asks, now)) is not None]
    random.Random(rules.chance()).shuffle(free)  # noqa: S311 a fair draw, not a secret
    placed: list[tuple[Turn, datetime, str | None]] = []
    for turn, earliest in free:
        at = _room(programme, rules, turn, (asks, earliest, horizon))
        placed.append((turn, at or earliest, None if at else NOT_DRAWN))
        if at is not None:
            asks.append(turn.case.ask(programme, at, is_planned=True))
    share = sum(reason is None for _, _, reason in placed) / len(placed) if placed else 1.0
    return [_sampled(programme, rules, each, share) for each in placed]


def _first_free(programme: Programme, rules: Rules, turn: Turn, asks: Sequence[Ask], now: datetime) -> datetime | None:
    """The first moment at which this person was left in peace long enough; None: not before the horizon."""
    earliest = max(due_from(programme, rules, turn, now), now)
    for days in range(HORIZON_DAYS):
        at = right_moment(programme, turn.case.calendar, earliest + timedelta(days=days))
        if at >= now + timedelta(days=HORIZON_DAYS):
            return None
        asked = [ask for ask in asks if not ask.is_planned]
        if too_soon(rules.policy.budget, turn.case.ask(programme, at), asked, 1 + turn.case.asked_less) is None:
            return at
    return None


def _room(
    programme: Programme, rules: Rules, turn: Turn, among: tuple[Sequence[Ask], datetime, datetime]
) -> datetime | None:
    """The first day from `earliest` on on which account and channel have room."""
    asks, earliest, horizon = among
    at = earliest
    while at < horizon:
        if rules.too_much(programme, turn.case, at, asks) is None:
            return at
        at = right_moment(programme, turn.case.calendar, at + timedelta(days=1))
    return None


def _sampled(programme: Programme, rules: Rules, placed: tuple[Turn, datetime, str | None], share: float) -> Drawn:
    turn, at, reason = placed
    if reason is None and rules.chance() >= programme.sample:
        reason = NOT_SAMPLED
    return Drawn(turn, at, reason, share * programme.sample)
