"""The days of the history: their texts, seasons, holidays and working hours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

import holidays
import numpy as np
from numpy.typing import NDArray

from kpi.sources.sample.mix import (
    CLIENT_WEEK,
    COUNTRIES,
    OURS,
    SUMMER_DIP,
    USAGE_WEEK,
    YEAR_END_DIP,
    ZONE,
    Country,
)
from kpi.sources.sample.plan import Plan

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SECONDS = 86_400
OPENING, CLOSING = 9 * 3600, 17 * 3600
_SHIFT = CLOSING - OPENING
_AHEAD = 90
"""Days known beyond the history: for what is due after it."""
_CLOCK = [f"T{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}Z" for at in range(SECONDS)]


@dataclass(frozen=True, eq=False)
class Days:
    """Days are counted from 0, the first of the history; instants are seconds from its midnight in UTC.

    Local times are in ZONE, between 06:00 and 23:00, so that the local day is the day in UTC as well.
    """

    plan: Plan

    @cached_property
    def dates(self) -> list[date]:
        """Every day by number, and some beyond the end."""
        return [self.plan.since + timedelta(days=number) for number in range(self.plan.days + _AHEAD)]

    @cached_property
    def texts(self) -> list[str]:
        """The same as ISO dates."""
        return [day.isoformat() for day in self.dates]

    @cached_property
    def weekday(self) -> Ints:
        """0 is Monday."""
        return (np.arange(len(self.dates)) + self.plan.since.weekday()) % 7

    @cached_property
    def offsets(self) -> Ints:
        """Seconds by which noon in ZONE is ahead of UTC."""
        noons = (datetime.combine(day, time(12), ZONE) for day in self.dates)
        return np.array([int((noon.utcoffset() or timedelta()).total_seconds()) for noon in noons])

    @cached_property
    def season(self) -> Floats:
        """How busy the time of year is."""
        of_year = np.array([day.timetuple().tm_yday for day in self.dates])
        summer = SUMMER_DIP * np.exp(-(((of_year - 220) / 24) ** 2))
        from_year_end = np.minimum((of_year - 363) % 365, (363 - of_year) % 365)
        busy = 1 + 0.05 * np.cos((of_year - 80) / 365 * 4 * np.pi) - summer
        return np.asarray(busy - YEAR_END_DIP * np.exp(-((from_year_end / 8) ** 2)))

    @cached_property
    def talking(self) -> dict[str, Floats]:
        """How busy each day is for clients of a country."""
        return {country.code: self._busy(country, CLIENT_WEEK) for country in COUNTRIES}

    @cached_property
    def using(self) -> dict[str, Floats]:
        """The same for what they use of us."""
        return {country.code: self._busy(country, USAGE_WEEK) for country in COUNTRIES}

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """Whether our team works that day."""
        return (self.weekday < 5) & ~self._holidays(*OURS)

    @cached_property
    def end(self) -> int:
        """The instant at which the history ends."""
        return self.instant(self.plan.days, 0)

    def number(self, day: date) -> int:
        """The day's number; negative before the history."""
        return (day - self.plan.since).days

    def instant(self, day: int, second: int) -> int:
        """A local time of a day as an instant."""
        return day * SECONDS + second - int(self.offsets[day])

    def instants(self, days: Ints, seconds: Ints) -> Ints:
        """The same for many."""
        return days * SECONDS + seconds - self.offsets[days]

    def text(self, instant: int) -> str:
        """An instant as ISO 8601 in UTC."""
        day, second = divmod(instant, SECONDS)
        return self.texts[day] + _CLOCK[second]

    def written(self, instants: Ints) -> list[str]:
        """The same for many."""
        days, seconds = np.divmod(instants, SECONDS)
        texts = self.texts
        return [texts[day] + _CLOCK[second] for day, second in zip(days.tolist(), seconds.tolist(), strict=True)]

    def worked(self, days: Ints, seconds: Ints, wait: Floats) -> Ints:
        """The instants at which our team has worked `wait` seconds since local times of days.

        Nobody works outside OPENING to CLOSING; what would take longer than the days known ends with the last of them.
        """
        done = self._open_before[days] * _SHIFT + self.open[days] * np.clip(seconds - OPENING, 0, _SHIFT)
        shifts, rest = np.divmod(done + wait.astype(np.int64), _SHIFT)
        return self.instants(self._open_days[np.minimum(shifts, len(self._open_days) - 1)], OPENING + rest)

    @cached_property
    def _open_days(self) -> Ints:
        return np.flatnonzero(self.open)

    @cached_property
    def _open_before(self) -> Ints:
        return np.concatenate(([0], np.cumsum(self.open)[:-1]))

    def _busy(self, country: Country, week: tuple[float, ...]) -> Floats:
        """Seasons shift events within the history and do not change how many there are: the density is fixed."""
        ordinary = np.array(week)[self.weekday]
        busy = np.where(self._holidays(country.code, country.subdivision), week[6], ordinary) * self.season
        return np.asarray(busy * (sum(week) / 7 / busy[: self.plan.days].mean()))

    def _holidays(self, country: str, subdivision: str | None) -> NDArray[np.bool_]:
        years = range(self.dates[0].year, self.dates[-1].year + 1)
        known = holidays.country_holidays(country, subdiv=subdivision, years=years)
        return np.array([day in known for day in self.dates])
