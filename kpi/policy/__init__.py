"""What a workspace has decided: frozen values, read from files by whoever runs us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from kpi.errors import KpiError
from kpi.policy.surveys import SurveyPolicy, Wording

__all__ = [
    "AccessPolicy",
    "AskPolicy",
    "Calendar",
    "Calendars",
    "DigestPolicy",
    "KpiDefinition",
    "MissingRate",
    "Policy",
    "SurveyPolicy",
    "Wording",
    "WorkspacePolicy",
]


class MissingRate(KpiError):
    """An amount is in a currency that has no rate on the day that counts."""

    def __init__(self, currency: str, day: date) -> None:
        super().__init__(
            f"There is no rate for {currency} in force on {day:%Y-%m-%d}: add one below `rates` in workspace.yaml."
        )
        self.currency = currency


@dataclass(frozen=True, slots=True)
class KpiDefinition:
    """One entry of kpis.yaml: how a KPI is named, judged and shown. The arithmetic lives in kpi.metrics.

    `names`: the words of other languages that lead to it, by language.
    """

    key: str
    label: str
    question: str
    unit: str
    better: str
    formula: str
    definition_version: int
    synonyms: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    target: float | None = None
    status: str = "active"
    variant: str | None = None
    min_n: int = 5
    interval: str | None = None
    windows: tuple[str, ...] = ()
    cadence: tuple[str, ...] = ()
    signal: str | None = None
    owner: str | None = None
    reference: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that leads to it, but for its key."""
        return (*self.synonyms, *(word for words in self.names.values() for word in words), self.label)

    def formula_of(self, variant: str | None) -> str:
        """The formula in words, that of a variant where it has one of its own."""
        return self.variants.get(variant or "", self.formula)


@dataclass(frozen=True, slots=True)
class WorkspacePolicy:
    """Zone, money and language. A rate is one unit in the reporting currency, in force from its day on."""

    timezone: ZoneInfo
    currency: str
    language: str = "en"
    rates: Mapping[str, tuple[tuple[date, Decimal], ...]] = field(default_factory=dict)
    fiscal_year_start: int = 1
    gross_margin: Decimal = Decimal("0.70")
    discount_rate: Decimal = Decimal("0.10")

    def rate(self, currency: str, day: date) -> Decimal:
        """What one unit of `currency` is worth in the reporting currency on a day. KpiError where nobody said."""
        if currency == self.currency:
            return Decimal(1)
        known = [worth for since, worth in self.rates.get(currency, ()) if since <= day]
        if not known:
            raise MissingRate(currency, day)
        return known[-1]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works. `opening_minutes`: weekday (0 = Monday) → [from, to) minutes of the local day, in order."""

    timezone: ZoneInfo
    opening_minutes: Mapping[int, tuple[tuple[int, int], ...]]
    country: str | None = None
    subdivision: str | None = None
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars by name (`default` among them) and which owner or account, by key, works by another one."""

    named: Mapping[str, Calendar]
    owners: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)

    def of(self, owner: str | None) -> Calendar:
        """The calendar an account's owner works by; nobody and anybody unlisted works by the default one."""
        return self.named[self.name_of(owner)]

    def name_of(self, owner: str | None) -> str:
        """Its name."""
        return self.owners.get(owner or "", "default")


@dataclass(frozen=True, slots=True)
class DigestPolicy:
    """What a digest shows, and what happens to one that falls due while nothing runs.

    `catch_up` is skip, latest or all, within `windows[cadence]` after the scheduled instant.
    """

    kpis: Mapping[str, tuple[str, ...]]
    windows: Mapping[str, timedelta]
    catch_up: str = "latest"
    comments: int = 3


@dataclass(frozen=True, slots=True)
class AskPolicy:
    """Whose accounts somebody may ask about: `all`, `own` or `none`; the most generous of what applies to them holds.

    `members`: full members of the organisation; `owners`: those of them who are account managers; `groups`, `people`:
    by the ids of user groups and users. `share`: what they must be allowed to see to share an answer to a channel.
    """

    members: str = "all"
    owners: str = "none"
    groups: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    share: str = "own"


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Where `/kpi` answers in an externally shared channel, who hears of failures nobody owns, and who may ask."""

    externally_shared: str = "direct_message"
    operators: tuple[str, ...] = ()
    ask: AskPolicy = field(default_factory=AskPolicy)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a workspace has decided, in one value; without calendars, waiting is measured as elapsed time."""

    workspace: WorkspacePolicy
    kpis: Mapping[str, KpiDefinition]
    surveys: SurveyPolicy
    calendars: Calendars | None = None
