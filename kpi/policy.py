"""What a workspace has decided: frozen values, read from files by whoever runs us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from kpi.model import Instrument


@dataclass(frozen=True, slots=True)
class KpiDefinition:
    """One entry of kpis.yaml: how a KPI is named, judged and shown. The arithmetic lives in kpi.metrics."""

    key: str
    label: str
    question: str
    unit: str
    better: str
    formula: str
    definition_version: int
    synonyms: tuple[str, ...] = ()
    target: float | None = None
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one instrument in one language; `version` changes whenever a word or the scale does."""

    version: str
    question: str
    low_label: str
    high_label: str
    thanks: str
    comment_prompt: str


@dataclass(frozen=True, slots=True)
class SurveyPolicy:
    """When clients are asked: `delay` after the interaction, `floor` between two asks of a person, then `expiry`."""

    wordings: Mapping[tuple[Instrument, str], Wording]
    instrument: Instrument = Instrument.CSAT
    kinds: tuple[str, ...] = ("meeting", "call", "review", "delivery", "support")
    delay: timedelta = timedelta(hours=3)
    floor: timedelta = timedelta(hours=24)
    expiry: timedelta = timedelta(days=7)


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


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a workspace has decided, in one value."""

    workspace: WorkspacePolicy
    kpis: Mapping[str, KpiDefinition]
    surveys: SurveyPolicy
