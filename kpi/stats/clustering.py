"""Answers of one account resemble each other: how many independent ones they are worth (KPIS.md, Clustering)."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Sample:
    """Whole-number answers grouped by account: `clusters` holds (sum, count) per account.

    `squares` is the sum of the squared answers. Sums stay whole numbers, so the order of the rows changes nothing.
    """

    clusters: tuple[tuple[int, int], ...] = ()
    squares: int = 0

    @classmethod
    def of(cls, answers: Iterable[tuple[Hashable, int]]) -> "Sample":
        """From (account, answer) pairs."""
        clusters: dict[Hashable, tuple[int, int]] = {}
        squares = 0
        for account, answer in answers:
            total, count = clusters.get(account, (0, 0))
            clusters[account] = total + answer, count + 1
            squares += answer * answer
        return cls(tuple(clusters.values()), squares)

    @property
    def n(self) -> int:
        """Answers."""
        return sum(count for _, count in self.clusters)

    @property
    def m(self) -> int:
        """Accounts with an answer."""
        return len(self.clusters)

    @property
    def total(self) -> int:
        """The sum of all answers."""
        return sum(total for total, _ in self.clusters)


def design_effect(sample: Sample) -> float:
    """max(1, var_c/var_s), 1 when var_s = 0; needs two accounts or more.

    var_c = m/(m-1) · Σ_i(Σ_j(x_ij − x̄))²/n² is the variance of the mean between accounts (linearised, Cochran,
    Sampling Techniques, ch. 9A); var_s = (Σx²/n − x̄²)/n that of independent answers: p(1−p)/n for x in {0, 1},
    (P+D−(P−D)²)/n for x in {−1, 0, 1}. Both times n⁴ are whole numbers, so the quotient is exact.
    """
    n, m, total = sample.n, sample.m, sample.total
    spread = n * sample.squares - total**2
    if spread == 0:
        return 1.0
    between = sum((n * cluster - count * total) ** 2 for cluster, count in sample.clusters)
    return max(1.0, m * between / ((m - 1) * n * spread))


def effective_n(sample: Sample) -> float:
    """n*: the number of independent answers with the same precision, 0 < n* <= n; n itself when m = n or m <= 1.

    n/deff · (t_{n−1;.975}/t_{m−1;.975})²: the second factor pays for estimating the variance from m accounts
    (Korn & Graubard 1998, Confidence intervals for proportions with small expected counts in survey data).
    """
    n, m = sample.n, sample.m
    if m <= 1 or m == n:
        return float(n)
    return n / design_effect(sample) * (t_quantile(n - 1) / t_quantile(m - 1)) ** 2


@cache
def t_quantile(degrees: int) -> float:
    """The 97.5 % point of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.975))
