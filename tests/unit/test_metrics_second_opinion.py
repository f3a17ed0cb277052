"""The three KPIs against a slow computation that follows KPIS.md word by word, on random facts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import sqrt

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.metrics import nps as net
from kpi.metrics import shares
from kpi.metrics.churn import churn
from kpi.metrics.csat import csat
from kpi.metrics.nps import nps
from kpi.model import Interval, Status
from kpi.periods import Period, parse
from kpi.stats.clustering import t_quantile
from kpi.stats.proportions import Bounds
from tests.portfolio import AS_OF, BERLIN, facts

Z = 1.959963984540054
DAY = timedelta(days=1)
SEPTEMBER = parse("2026-09", as_of=AS_OF, zone=BERLIN)
AUGUST = parse("2026-08", as_of=AS_OF, zone=BERLIN)

Answer = tuple[int, str, int, datetime]
instants = st.integers(0, 70 * 24).map(lambda hour: datetime(2026, 7, 28, tzinfo=UTC) + timedelta(hours=hour))


def answers(highest: int) -> st.SearchStrategy[list[Answer]]:
    one = st.tuples(st.integers(1, 12), st.integers(1, 3), st.integers(0, highest), instants)
    return st.lists(one, max_size=60, unique_by=lambda each: each[3]).map(
        lambda rows: [(account, f"{account}/{person}", score, at) for account, person, score, at in rows]
    )


def in_period(rows: list[Answer], period: Period) -> list[Answer]:
    return [row for row in rows if period.start <= row[3].astimezone(BERLIN).date() < period.end and row[3] <= AS_OF]


def n_star(pairs: list[tuple[int, int]]) -> float:
    n = len(pairs)
    accounts = {account for account, _ in pairs}
    m = len(accounts)
    if not 2 <= m < n:
        return n
    mean = sum(x for _, x in pairs) / n
    up, down = sum(x == 1 for _, x in pairs) / n, sum(x == -1 for _, x in pairs) / n
    var_s = (up + down - (up - down) ** 2) / n
    residuals = [sum(x - mean for a, x in pairs if a == account) for account in accounts]
    var_c = m / (m - 1) * sum(r * r for r in residuals) / n**2
    deff = max(1.0, var_c / var_s) if var_s > 1e-15 else 1.0
    return n / deff * (t_quantile(n - 1) / t_quantile(m - 1)) ** 2


def wilson(p: float, n: float) -> tuple[float, float]:
    """The two roots of (p − q)² = z²·q(1 − q)/n, by the quadratic formula."""
    a, b, c = 1 + Z * Z / n, -(2 * p + Z * Z / n), p * p
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def adjusted(up: float, middle: float, down: float) -> tuple[float, float]:
    """The adjusted net score and its variance."""
    up, middle, down = up + 0.75, middle + 1.5, down + 0.75
    n = up + middle + down
    mean = (up - down) / n
    return mean, ((up + down) / n - mean**2) / n


def status(n: int, m: int) -> Status:
    if n == 0:
        return Status.UNDEFINED
    if n <= 4:
        return Status.INSUFFICIENT
    return Status.INDICATIVE if n < 30 or m < 10 else Status.FULL


def close(found: Interval | Bounds | None, low: float, high: float) -> bool:
    return found is not None and abs(found.low - low) < 1e-7 and abs(found.high - high) < 1e-7


@settings(deadline=None)
@given(answers(4).map(lambda rows: [(a, who, score + 1, at) for a, who, score, at in rows]))
def test_csat_is_what_the_definition_says(rows: list[Answer]) -> None:
    seen = facts(answers=[(account, who, "csat", score, at) for account, who, score, at in rows])
    found = {}
    for period in (SEPTEMBER, AUGUST):
        pairs = [(account, int(score >= 4)) for account, _, score, _ in in_period(rows, period)]
        n, m = len(pairs), len({account for account, _ in pairs})
        measure = found[period.key] = csat(seen, period)
        assert (measure.n, measure.accounts, measure.status) == (n, m, status(n, m))
        if n:
            p = sum(x for _, x in pairs) / n
            low, high = wilson(p, n_star(pairs))
            assert abs((measure.value or 0) - 100 * p) < 1e-9
            assert close(measure.interval, 100 * low, 100 * high)
    now, before = found["2026-09"], found["2026-08"]
    if now.n and before.n and now.interval and before.interval:
        x, y = now.value or 0.0, before.value or 0.0
        down = sqrt((x - now.interval.low) ** 2 + (before.interval.high - y) ** 2)
        up = sqrt((now.interval.high - x) ** 2 + (y - before.interval.low) ** 2)
        assert close(shares.change(now, before), x - y - down, x - y + up)


@settings(deadline=None)
@given(answers(10))
def test_nps_is_what_the_definition_says(rows: list[Answer]) -> None:
    seen = facts(answers=[(account, who, "nps", score, at) for account, who, score, at in rows])
    found, differences = {}, []
    for period in (SEPTEMBER, AUGUST):
        last = {who: (account, score) for account, who, score, _ in sorted(in_period(rows, period), key=lambda r: r[3])}
        pairs = [(account, (score >= 9) - (score <= 6)) for account, score in last.values()]
        n, m = len(pairs), len({account for account, _ in pairs})
        measure = found[period.key] = nps(seen, period)
        assert (measure.n, measure.accounts, measure.status) == (n, m, status(n, m))
        if n:
            up, down = sum(x == 1 for _, x in pairs), sum(x == -1 for _, x in pairs)
            scale = n_star(pairs) / n
            mean, variance = adjusted(up * scale, (n - up - down) * scale, down * scale)
            differences.append((mean, variance))
            half = Z * sqrt(variance)
            assert abs((measure.value or 0) - 100 * (up - down) / n) < 1e-9
            assert close(measure.interval, 100 * max(-1.0, mean - half), 100 * min(1.0, mean + half))
            own = [[x for a, x in pairs if a == account] for account in {a for a, _ in pairs}]
            weighted = sum(100 * sum(xs) / len(xs) for xs in own) / len(own)
            assert abs(measure.details["account_weighted"] - weighted) < 1e-9
    if len(differences) == 2:
        (mean1, variance1), (mean2, variance2) = differences
        half = Z * sqrt(variance1 + variance2)
        bounds = net.change(found["2026-09"], found["2026-08"])
        assert close(bounds, 100 * (mean1 - mean2 - half), 100 * (mean1 - mean2 + half))


spans = st.tuples(st.integers(-40, 45), st.none() | st.integers(0, 60)).map(
    lambda pair: (
        SEPTEMBER.start + pair[0] * DAY,
        None if pair[1] is None else SEPTEMBER.start + (pair[0] + pair[1]) * DAY,
    )
)


@dataclass(frozen=True)
class Account:
    """One account looked at day by day."""

    terms: list[tuple[date, date | None]]
    observed_from: date | None

    def covered(self, day: date) -> bool:
        return any(first <= day and (end is None or day < end) for first, end in self.terms)

    def active(self, day: date) -> bool:
        return self.covered(day) and (self.observed_from is None or day >= self.observed_from)

    def came_back(self, last: date) -> bool:
        """Some day with service, then one without, before the last one."""
        earliest = min(first for first, _ in self.terms)
        run = [self.covered(earliest + i * DAY) for i in range((last - earliest).days + 1)]
        return False in run[run.index(True) :]


accounts = st.builds(Account, st.lists(spans, max_size=4), st.none() | st.dates(date(2026, 7, 25), date(2026, 10, 5)))


def slow_churn(portfolio: list[Account], today: date) -> tuple[list[str], int, int, int]:
    """Lost names, active at start, early losses, reactivated in September 2026."""
    start, last = SEPTEMBER.start, min(SEPTEMBER.end, today)
    inside = [start + i * DAY for i in range(30) if start + i * DAY <= today]
    base = [i for i, account in enumerate(portfolio) if account.active(start)]
    lost = [f"{i:02}" for i in base if not portfolio[i].active(last)]
    rest = [account for account in portfolio if not account.active(start)]
    early = [one for one in rest if not one.active(last) and any(one.active(day) for day in inside)]
    back = [one for one in rest if one.active(last) and one.came_back(last)]
    return lost, len(base), len(early), len(back)


@settings(deadline=None)
@given(st.lists(accounts, max_size=14), st.sampled_from([30, 30, 0, 12, 29]))
def test_churn_is_what_the_definition_says(portfolio: list[Account], day: int) -> None:
    as_of = datetime(2026, 9, 1, 12, tzinfo=UTC) + day * DAY
    seen = facts(
        accounts=[(i, f"{i:02}", account.observed_from) for i, account in enumerate(portfolio)],
        terms=[(i, first, end) for i, account in enumerate(portfolio) for first, end in account.terms],
        as_of=as_of,
    )
    found = churn(seen, parse("2026-09", as_of=as_of, zone=BERLIN))
    lost, base, early, back = slow_churn(portfolio, as_of.date())
    assert (found.numerator, found.denominator) == (len(lost), base)
    assert found.details == {"lost": lost, "early_losses": early, "reactivated": back}
    if base:
        assert close(found.interval, *(100 * bound for bound in wilson(len(lost) / base, base)))
        assert found.status == (Status.FULL if base >= 10 else Status.INDICATIVE)
    else:
        assert (found.value, found.status) == (None, Status.UNDEFINED)
