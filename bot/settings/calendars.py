"""calendars.yaml: when people work, by calendar and owner."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, PlainValidator, ValidationInfo, field_validator

from bot.settings.faults import did_you_mean
from bot.settings.fields import Day, Section, Zone, text
from bot.settings.hours import Days, openings, weekdays
from bot.settings.nodes import Loc
from kpi.policy import Calendar, Calendars


def _openings(value: Any) -> tuple[tuple[int, int], ...]:
    return openings(text(value))


Openings = Annotated[tuple[tuple[int, int], ...], PlainValidator(_openings)]


def _holidays() -> dict[str, list[str]]:
    from holidays import list_supported_countries  # slow to import, and most workspaces do without

    return list_supported_countries(include_aliases=False)


class HolidaysSection(Section):
    """Public holidays, by country and part of it."""

    country: str
    subdivision: str | None = None

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str) -> str:
        if country not in (known := _holidays()):
            raise ValueError(f"is not a country code such as DE, GB or US{did_you_mean(country, known)}")
        return country

    @field_validator("subdivision")
    @classmethod
    def _known_subdivision(cls, subdivision: str | None, info: ValidationInfo) -> str | None:
        country = info.data.get("country")
        if country and subdivision and subdivision not in (known := _holidays()[country]):
            raise ValueError(f"has no holidays of its own in {country}; known: {', '.join(known) or 'none'}")
        return subdivision


class CalendarSection(Section):
    """One calendar; without a zone of its own it runs in the workspace's."""

    timezone: Zone | None = None
    hours: Annotated[dict[Days, Openings], Field(min_length=1)]
    holidays: HolidaysSection | None = None
    closed: list[Day] = Field(default_factory=list)

    def contradictions(self) -> Iterator[tuple[Loc, str]]:
        """Days with two sets of hours."""
        seen: set[int] = set()
        for key in self.hours:
            if seen & set(weekdays(key)):
                yield ("hours", key), "names a day that has hours already"
            seen |= set(weekdays(key))

    def calendar(self, zone: ZoneInfo) -> Calendar:
        """The calendar as the rest of the product reads it; `zone` is the workspace's."""
        return Calendar(
            timezone=self.timezone or zone,
            opening_minutes=MappingProxyType({day: each for key, each in self.hours.items() for day in weekdays(key)}),
            country=self.holidays.country if self.holidays else None,
            subdivision=self.holidays.subdivision if self.holidays else None,
            closed=frozenset(self.closed),
        )


class CalendarsFile(Section):
    """The file as written: every key but `owners` and `accounts` is a calendar's name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, CalendarSection]

    default: CalendarSection
    owners: dict[str, str] = Field(default_factory=dict)
    accounts: dict[str, str] = Field(default_factory=dict)

    @property
    def named(self) -> dict[str, CalendarSection]:
        """All calendars by name."""
        return {"default": self.default, **self.__pydantic_extra__}

    def contradictions(self) -> Iterator[tuple[Loc, str]]:
        """Owners and accounts of calendars that do not exist, and what is wrong inside each calendar."""
        for kind, chosen in (("owners", self.owners), ("accounts", self.accounts)):
            for key in (key for key, name in chosen.items() if name not in self.named):
                yield (kind, key), f"is not a calendar of this file{did_you_mean(chosen[key], self.named)}"
        for name, section in self.named.items():
            yield from ((((name, *loc)), sentence) for loc, sentence in section.contradictions())

    def policy(self, zone: ZoneInfo) -> Calendars:
        """What the rest of the product reads; `zone` is the workspace's."""
        named = {name: section.calendar(zone) for name, section in self.named.items()}
        return Calendars(MappingProxyType(named), MappingProxyType(self.owners), MappingProxyType(self.accounts))
