"""kpis.yaml: how each KPI is named, judged and shown."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, RootModel, ValidationInfo

from bot.settings.faults import did_you_mean
from bot.settings.fields import Language, Line, Number, Paragraph, Section, matching
from bot.settings.nodes import Loc
from kpi.metrics.catalog import CATALOG
from kpi.metrics.kpi import Kpi
from kpi.metrics.measure import FEWEST_ANSWERS
from kpi.periods.period import KINDS
from kpi.policy import KpiDefinition

Cadence = Literal["weekly", "monthly", "quarterly", "half-yearly", "yearly"]


def _within_reach(window: str) -> str:
    _, count, unit = window.split()
    longest = KINDS[unit.removesuffix("s")].longest
    if int(count) > longest:
        raise ValueError(f"reaches too far back; ask for 1 to {longest} {unit}")
    return window


Window = Annotated[
    str,
    matching(
        r"last [1-9][0-9]{0,3} (days|weeks|months|quarters|years)",
        "is not a window; write it like last 90 days or last 12 months",
    ),
    AfterValidator(_within_reach),
]


class DocSection(Section):
    """What people may read about a KPI."""

    formula: Paragraph
    reference: Paragraph
    variants: dict[str, Paragraph] = Field(default_factory=dict)


class KpiSection(Section):
    """One entry; the arithmetic itself is not configuration."""

    label: Line
    synonyms: list[Line] = Field(default_factory=list)
    names: dict[Language, list[Line]] = Field(default_factory=dict)
    question: Paragraph
    unit: Literal["percent", "points", "hours", "money", "score", "per 30 days"]
    better: Literal["up", "down"]
    variant: Line | None = None
    min_n: Annotated[int, Field(ge=1, le=1000)]
    interval: Line | None = None
    windows: Annotated[list[Window], Field(min_length=1)]
    cadence: list[Cadence] = Field(default_factory=list)
    target: Number | None = None
    signal: Literal["beyond_noise"] | None = None
    owner: Line | None = None
    status: Literal["draft", "active", "deprecated"] = "active"
    definition_version: Annotated[int, Field(ge=1)]
    doc: DocSection

    def definition(self, key: str) -> KpiDefinition:
        """The entry as the rest of the product reads it."""
        return KpiDefinition(
            key=key,
            label=self.label,
            question=self.question,
            unit=self.unit,
            better=self.better,
            formula=self.doc.formula,
            definition_version=self.definition_version,
            synonyms=tuple(self.synonyms),
            names={language: tuple(words) for language, words in self.names.items()},
            target=None if self.target is None else float(self.target),
            status=self.status,
            variant=self.variant,
            min_n=self.min_n,
            interval=self.interval,
            windows=tuple(self.windows),
            cadence=tuple(self.cadence),
            signal=self.signal,
            owner=self.owner,
            reference=self.doc.reference,
            variants=MappingProxyType(self.doc.variants),
        )

    def means(self) -> tuple[object, ...]:
        """What a value's number depends on here; the arithmetic itself is not configuration."""
        return self.variant, self.min_n, self.doc.formula, self.doc.variants


def _computed(key: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("computed", ())
    if key not in known:
        raise ValueError(f"is not a KPI{did_you_mean(key, known)}")
    return key


class KpisFile(RootModel[dict[Annotated[str, AfterValidator(_computed)], KpiSection]]):
    """The file as written; the checker's context says in `computed` which KPIs there are."""

    def contradictions(self) -> Iterator[tuple[Loc, str]]:
        """Words that mean two KPIs, and what is wrong inside each entry."""
        owners: dict[str, str] = {}
        for key, section in self.root.items():
            for loc, word in _words(key, section):
                if (other := owners.setdefault(word.casefold(), key)) != key:
                    yield loc, f"already means {other}; a word may lead to one KPI only"
            yield from _catalog_faults(key, section)

    def stale_versions(self, shipped: "KpisFile") -> Iterator[tuple[Loc, str]]:
        """Definitions that are no longer the shipped ones while their version still says so."""
        for key, section in self.root.items():
            known = shipped.root.get(key, section)
            if section.means() != known.means() and section.definition_version <= known.definition_version:
                yield (
                    (key,),
                    (
                        f"is defined otherwise than as shipped; give it a definition_version above "
                        f"{known.definition_version}, so that figures of before stay what they are"
                    ),
                )

    def policy(self) -> MappingProxyType[str, KpiDefinition]:
        """What the rest of the product reads."""
        return MappingProxyType({key: section.definition(key) for key, section in self.root.items()})


def _catalog_faults(key: str, section: KpiSection) -> Iterator[tuple[Loc, str]]:
    """Where the file says something else than the KPI's own arithmetic does."""
    kpi = next((known for known in CATALOG if known.key == key), None)
    if kpi is None:
        return
    if kpi.base.private and section.min_n < FEWEST_ANSWERS:
        yield (key, "min_n"), f"must be at least {FEWEST_ANSWERS}: fewer answers than that are people, and stay private"
    for name, own in (("unit", kpi.unit), ("better", kpi.better), ("interval", kpi.doubt.interval)):
        if getattr(section, name) not in (own, None):
            yield (key, name), f"must be {own}; the arithmetic of {key} is not configuration"
    low, high = kpi.reach
    if section.target is not None and not low <= section.target <= high:
        yield (key, "target"), f"must lie between {low:g} and {high:,.0f} {kpi.unit}"
    yield from _variant_faults(kpi, section)


def _variant_faults(kpi: Kpi, section: KpiSection) -> Iterator[tuple[Loc, str]]:
    """Ways to measure that do not exist."""
    if kpi.variants and section.variant not in (*kpi.variants, None):
        yield (kpi.key, "variant"), f"is not a variant of {kpi.key}; there are {', '.join(kpi.variants)}"
    for name in section.doc.variants:
        if name not in kpi.variants:
            yield (kpi.key, "doc", "variants", name), f"is not a variant of {kpi.key}{did_you_mean(name, kpi.variants)}"


def _words(key: str, section: KpiSection) -> Iterator[tuple[Loc, str]]:
    yield (key,), key
    yield (key, "label"), section.label
    for index, synonym in enumerate(section.synonyms):
        yield (key, "synonyms", index), synonym
    for language, names in section.names.items():
        for index, name in enumerate(names):
            yield (key, "names", language, index), name
