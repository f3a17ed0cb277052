"""What happens to an account: contracts, renewals, notices and returns."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log

from numpy.random import Generator

from kpi.sources.sample import mix
from kpi.sources.sample.accounts import Account
from kpi.sources.sample.plan import ACCOUNTS, Plan, months_later
from kpi.sources.sample.streams import Purpose, dealt, one_of, stream


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a contract is not renewed; `trouble` is "" where nothing shows before, and `begins` then the notice."""

    notice: date
    trouble: str
    begins: date
    reason: str


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract over `[starts, ends)`; with a `loss` the account leaves at its end, without it is renewed."""

    starts: date
    ends: date
    loss: Loss | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Contracts without a gap between them; a returned account has a second relation."""

    contracts: tuple[Contract, ...]

    @property
    def starts(self) -> date:
        """The first day of service."""
        return self.contracts[0].starts

    @property
    def ends(self) -> date:
        """The first day without service; without a `loss` it lies beyond the plan and nothing ends there."""
        return self.contracts[-1].ends

    @property
    def loss(self) -> Loss | None:
        """Why it ends, if it does."""
        return self.contracts[-1].loss


def life(account: Account, plan: Plan) -> tuple[Relation, ...]:
    """One relation, or two where the account comes back; each begins before the plan's end."""
    chance = stream(plan.seed, Purpose.TERMS, account.index)
    first = _relation(account, plan, _first_day(account, plan, chance), chance)
    back = months_later(first.ends, int(chance.integers(3, 10)))
    if not first.loss or chance.random() > mix.RETURNING or back >= plan.until:
        return (first,)
    return first, _relation(account, plan, back, chance)


def troubles(quality: float) -> tuple[tuple[str, ...], list[float]]:
    """The kinds of trouble and how likely each is; poor teams have it with their service."""
    kinds = tuple(mix.TROUBLES)
    weights = [mix.TROUBLES[kind].weight * (exp(-0.5 * quality) if kind == "service" else 1) for kind in kinds]
    return kinds, [weight / sum(weights) for weight in weights]


def _first_day(account: Account, plan: Plan, chance: Generator) -> date:
    """Before the history for those there on its first day; else in it, mostly on the first of a month."""
    there = 1 / (1 + mix.JOINING * plan.years)
    card = dealt(plan.seed, Purpose.START, account.index)
    if card < there:
        age = min(mix.OLDEST_MONTHS, 1 - int(mix.MEAN_AGE_MONTHS * log(dealt(plan.seed, Purpose.AGE, account.index))))
        return months_later(plan.since.replace(day=1), -age)
    joined = plan.since + timedelta(days=int((card - there) / (1 - there) * plan.days))
    snapped = joined.replace(day=15 if chance.random() < 0.3 else 1)
    return snapped if plan.since <= snapped < plan.until else joined


def _relation(account: Account, plan: Plan, start: date, chance: Generator) -> Relation:
    """Contracts one after the other until one is not renewed or reaches beyond the plan."""
    length = 24 if dealt(plan.seed, Purpose.LENGTH, account.index) < account.segment.long else 12
    leaving = mix.LEAVING[length] * exp(-0.35 * account.quality - 0.061)
    made: list[Contract] = []
    turn = account.index + 100 * ACCOUNTS[-1] * (start > plan.since)
    while not made or (not made[-1].loss and made[-1].ends < plan.until):
        starts = made[-1].ends if made else start
        ends = months_later(starts, length)
        if ends > plan.since and dealt(plan.seed, Purpose.LEAVING, turn) < leaving:
            made.append(Contract(starts, ends, _loss(account.quality, ends, length, chance)))
        else:
            made.append(Contract(starts, ends))
        turn += ACCOUNTS[-1] * (ends > plan.since)
    return Relation(tuple(made))


def _loss(quality: float, ends: date, length: int, chance: Generator) -> Loss:
    months = one_of(chance, mix.NOTICE_MONTHS[length])
    notice = months_later(ends, -months) - timedelta(days=int(chance.integers(1, 46)))
    if chance.random() < mix.SILENT:
        return Loss(notice, "", notice, one_of(chance, mix.SILENT_REASONS))
    kinds, weights = troubles(quality)
    kind = kinds[int(chance.choice(len(kinds), p=weights))]
    begins = notice - timedelta(days=int(chance.integers(mix.LEAD_DAYS[0], mix.LEAD_DAYS[1] + 1)))
    return Loss(notice, kind, begins, mix.TROUBLES[kind].reason)
