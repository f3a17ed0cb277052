"""What the portfolio came to, counted while it is written: the measured side of the mix."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kpi.sources.sample.course import Course
from kpi.sources.sample.mix import DAYS_PER_MONTH
from kpi.sources.sample.rows import Rows

INTENDED: Mapping[str, tuple[str, str]] = {
    "churn_per_year": ("accounts lost a year", "8 to 15 %"),
    "revenue_growth_per_year": ("recurring revenue, a year", "+3 to +20 %"),
    "response_rate": ("surveys answered", "20 to 40 %"),
    "csat": ("CSAT, scores of 4 and 5", "80 to 90 %"),
    "nps": ("NPS", "25 to 45"),
    "silent_losses": ("losses without a sign before", "10 to 30 %"),
    "active_months": ("months as a client, per account", "–"),
}
"""What is measured: its words and the range for 300 accounts and more over at least two years."""


@dataclass
class Tally:
    """Counts of rows by file, and of what the mix is about."""

    days: int
    rows: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, course: Course, made: Iterable[Rows]) -> None:
        """One account and its rows."""
        self.seen["accounts"] += 1
        self.seen["active_days"] += int((course.leaving > 0).sum())
        for relation in course.relations:
            if relation.loss and 0 <= course.days.number(relation.ends) < self.days:
                self.seen["lost"] += 1
                self.seen["silent"] += not relation.loss.trouble
        for rows in made:
            for name, lines in rows.items():
                self.rows[name] += len(lines)
            self.seen.update(line.rpartition(",")[2] for line in rows.get("surveys", ()))
            self._scores(rows.get("replies", ()))
            self._revenue(course, rows.get("revenue", ()))

    def measured(self) -> dict[str, float | None]:
        """Each of INTENDED: shares in percent, NPS in points; None where there is nothing to measure it by."""
        seen, years = self.seen, self.days / 365.25
        growth = seen["mrr_end"] / seen["mrr_start"] if seen["mrr_start"] else 0
        return {
            "churn_per_year": _percent(seen["lost"], seen["active_days"] / 365.25),
            "revenue_growth_per_year": 100 * (growth ** (1 / years) - 1) if growth else None,
            "response_rate": _percent(seen["answered"], seen["answered"] + seen["expired"]),
            "csat": _percent(seen["satisfied"], seen["csat"]),
            "nps": _percent(seen["promoters"] - seen["detractors"], seen["nps"]),
            "silent_losses": _percent(seen["silent"], seen["lost"]),
            "active_months": seen["active_days"] / DAYS_PER_MONTH / max(1, seen["accounts"]),
        }

    def _scores(self, replies: Iterable[str]) -> None:
        for line in replies:
            instrument, score = line.split(",", 7)[5:7]
            self.seen[instrument] += 1
            self.seen["satisfied"] += instrument == "csat" and int(score) >= 4
            self.seen["promoters"] += instrument == "nps" and int(score) >= 9
            self.seen["detractors"] += instrument == "nps" and int(score) <= 6

    def _revenue(self, course: Course, revenue: Iterable[str]) -> None:
        first, last = course.days.texts[0], course.days.texts[self.days - 1]
        for line in revenue:
            _, start, end, amount, _, kind = line.split(",")
            for place, day in (("mrr_start", first), ("mrr_end", last)):
                if kind == "recurring" and start <= day and (not end or day < end):
                    self.seen[place] += int(float(amount))


def _percent(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None
