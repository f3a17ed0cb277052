"""workspace.yaml: zone, money and language."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from bot.settings.fields import Currency, Day, Language, Rate, Section, Share, Zone
from bot.settings.nodes import Loc
from kpi.policy import WorkspacePolicy


def _form(value: Any) -> str:
    return "dated" if isinstance(value, dict) else "plain"


Rates = Annotated[
    Annotated[Rate, Tag("plain")] | Annotated[dict[Day, Rate], Field(min_length=1), Tag("dated")],
    Discriminator(_form),
]


class WorkspaceFile(Section):
    """The file as written."""

    timezone: Zone
    currency: Currency
    rates: dict[Currency, Rates] = Field(default_factory=dict)
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)]
    gross_margin: Share
    discount_rate: Share
    language: Language

    def contradictions(self) -> Iterator[tuple[Loc, str]]:
        """Values that hold one by one and not together."""
        if self.currency in self.rates:
            yield ("rates", self.currency), "is the rate of the reporting currency itself; remove it"

    def policy(self) -> WorkspacePolicy:
        """What the rest of the product reads."""
        rates = {code: _by_day(worth) for code, worth in self.rates.items()}
        return WorkspacePolicy(
            timezone=self.timezone,
            currency=self.currency,
            language=self.language,
            rates=MappingProxyType(rates),
            fiscal_year_start=self.fiscal_year_start,
            gross_margin=self.gross_margin,
            discount_rate=self.discount_rate,
        )


def _by_day(worth: Decimal | Mapping[date, Decimal]) -> tuple[tuple[date, Decimal], ...]:
    return tuple(sorted(worth.items())) if isinstance(worth, Mapping) else ((date.min, worth),)
