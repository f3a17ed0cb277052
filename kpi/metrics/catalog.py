"""The one list of KPIs: how each is computed, what from, and how far it may be off."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from unicodedata import combining, normalize

from kpi.errors import KpiError, UnknownWord
from kpi.metrics import durations, shares, sums
from kpi.metrics import feedback_implementation as followed
from kpi.metrics import nps as net
from kpi.metrics.ces import ces
from kpi.metrics.churn import churn
from kpi.metrics.clv import FORMULA, HISTORIC, SURVIVAL
from kpi.metrics.communication_frequency import FREQUENCY
from kpi.metrics.csat import csat
from kpi.metrics.engagement import ENGAGEMENT
from kpi.metrics.engagement_score import LOOKBACK_DAYS, SCORE
from kpi.metrics.feedback_implementation import feedback_implementation
from kpi.metrics.grr import GRR
from kpi.metrics.kpi import Base, Doubt, Kpi, Measurer
from kpi.metrics.nps import nps
from kpi.metrics.nrr import NRR
from kpi.metrics.response_time import response_time
from kpi.metrics.retention import retention
from kpi.metrics.revenue_churn import REVENUE_CHURN
from kpi.metrics.sales_growth import GROWTH
from kpi.metrics.survey_response_rate import survey_response_rate
from kpi.metrics.upsell_ratio import upsell_ratio
from kpi.metrics.upsell_success import upsell_success
from kpi.policy import KpiDefinition

ROLLING, COMPLETE = "last 90 days", "last 12 months"

SURVEYED = frozenset({"accounts", "answers"})
TERMS = frozenset({"accounts", "terms"})
MONEY = TERMS | {"revenue"}
TALK = TERMS | {"interactions", "messages"}
START = ("client at the start", "clients at the start")

GIVEN = "the answers given in the period"
LATEST = "the answers given in the period, of each person the last one"
POSTED = "the surveys posted in the period, and whether each was answered or has expired by the time of asking"
OPENED = "the waits that began in the period, and how long each lasted or has lasted by the time of asking"
STAYED = "the clients of the first day, and who of them is still one on the day after the last"
PAID = "the monthly revenue of the first day, and what it was on the day after the last"
EARNED = "what was paid for the days of the period, and for those of the period before"
ENDURED = "the clients of the last day, and all terms and revenue up to it"
BOUGHT = "the clients of the first day, and the offers decided in the period"
DECIDED = "the offers decided in the period"
RECEIVED = "the feedback received in the period, and what had become of it by the time of asking"
SPOKE = "the days of the period on which clients were clients, and on which we spoke with each other"
STIRRED = "the 90 days up to the last day, on a scale made of all accounts at the end of the half-year before"

ANSWERS = Base(SURVEYED, ROLLING, GIVEN, ("answer", "answers"), private=True)
RESPONDENTS = Base(SURVEYED, ROLLING, LATEST, ("person", "people"), private=True)
SURVEYS = Base(frozenset({"accounts", "surveys"}), ROLLING, POSTED, ("closed survey", "closed surveys"), private=True)
WAITS = Base(frozenset({"accounts", "episodes"}), ROLLING, OPENED, ("wait", "waits"), private=True, waits=True)
CLIENTS = Base(TERMS, COMPLETE, STAYED, START)
PAYERS = Base(MONEY, COMPLETE, PAID, START)
GROWERS = Base(MONEY, COMPLETE, EARNED)
LIFETIMES = Base(MONEY, COMPLETE, ENDURED, wide=True)
BUYERS = Base(TERMS | {"offers"}, COMPLETE, BOUGHT, START)
OFFERS = Base(frozenset({"accounts", "offers"}), COMPLETE, DECIDED, ("decided offer", "decided offers"))
FEEDBACK = Base(
    frozenset({"accounts", "feedback"}), COMPLETE, RECEIVED, ("piece of feedback", "pieces of feedback"), waits=True
)
TALKERS = Base(TALK, ROLLING, SPOKE)
LIVELY = Base(TALK | {"answers", "usage"}, ROLLING, STIRRED, wide=True, lookback_days=LOOKBACK_DAYS)

SHARE, REST = Doubt("wilson", shares.change), Doubt("wilson", shares.change_of_rest)
NET = Doubt("adjusted_wald", net.change)
SUMS, REST_OF_SUMS = Doubt("bca", sums.change), Doubt("bca", sums.change_of_rest)
MIDDLE, RATE = Doubt("kaplan_meier", durations.change), Doubt("garwood", durations.change)
FOLLOWED = Doubt("wilson", followed.change)

LIFETIME_WAYS: Mapping[str, Measurer] = {"survival": SURVIVAL, "formula": FORMULA, "historic": HISTORIC}

CATALOG = (
    Kpi("csat", "percent", "up", csat, ANSWERS, SHARE),
    Kpi("nps", "points", "up", nps, RESPONDENTS, NET),
    Kpi("ces", "percent", "up", ces, ANSWERS, SHARE),
    Kpi("survey_response_rate", "percent", "up", survey_response_rate, SURVEYS, SHARE),
    Kpi("churn", "percent", "down", churn, CLIENTS, SHARE),
    Kpi("retention", "percent", "up", retention, CLIENTS, REST),
    Kpi("grr", "percent", "up", GRR, PAYERS, SUMS),
    Kpi("revenue_churn", "percent", "down", REVENUE_CHURN, PAYERS, REST_OF_SUMS),
    Kpi("nrr", "percent", "up", NRR, PAYERS, SUMS, lowest=0),
    Kpi("clv", "money", "up", SURVIVAL, LIFETIMES, SUMS, LIFETIME_WAYS, "survival"),
    Kpi("upsell_ratio", "percent", "up", upsell_ratio, BUYERS, SHARE),
    Kpi("upsell_success", "percent", "up", upsell_success, OFFERS, SHARE),
    Kpi("response_time", "hours", "down", response_time, WAITS, MIDDLE),
    Kpi("engagement", "percent", "up", ENGAGEMENT, TALKERS, SHARE),
    Kpi("engagement_score", "score", "up", SCORE, LIVELY, MIDDLE),
    Kpi("feedback_implementation", "percent", "up", feedback_implementation, FEEDBACK, FOLLOWED),
    Kpi("sales_growth", "percent", "up", GROWTH, GROWERS, SUMS, lowest=-100),
    Kpi("communication_frequency", "per 30 days", "up", FREQUENCY, TALKERS, RATE),
)


def find(word: str, definitions: Mapping[str, KpiDefinition]) -> Kpi:
    """The KPI a person means by its key, label or a synonym, in any case; UnknownWord with the nearest keys.

    KpiError for one that is a draft; the definition's variant is the usual way to measure it.
    """
    names = _names(definitions)
    plain = _plain(word)
    if plain in names:
        return _in_use(names[plain], definitions)
    nearest = _nearest(plain, names)
    known = ", ".join(kpi.key for kpi in CATALOG if kpi.key in definitions)
    hint = f"Did you mean {' or '.join(nearest)}?" if nearest else f"There are: {known}."
    raise UnknownWord(f"“{word[:40]}” is not a KPI I know. {hint}", nearest)


@dataclass(frozen=True, slots=True)
class Names:
    """Every name of the KPIs of a workspace, made once: people's phrases are searched for them word by word."""

    definitions: Mapping[str, KpiDefinition]
    plain: Mapping[str, Kpi]

    @classmethod
    def of(cls, definitions: Mapping[str, KpiDefinition]) -> "Names":
        """Those of these definitions."""
        return cls(definitions, _names(definitions))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and _plain(word) in self.plain

    def find(self, word: str) -> Kpi:
        """As `find`."""
        known = self.plain.get(_plain(word))
        return find(word, self.definitions) if known is None else _in_use(known, self.definitions)

    def likeness(self, word: str) -> float:
        """0-100: how like a word is to the nearest of them."""
        from rapidfuzz import fuzz

        plain = _plain(word)
        return max((fuzz.ratio(plain, name) for name in self.plain), default=0.0)


def in_use(definitions: Mapping[str, KpiDefinition]) -> Iterator[Kpi]:
    """The KPIs that are shown without being asked for: the active ones, in the catalog's order."""
    for kpi in CATALOG:
        if kpi.key in definitions and definitions[kpi.key].status == "active":
            yield _in_use(kpi, definitions)


def _in_use(kpi: Kpi, definitions: Mapping[str, KpiDefinition]) -> Kpi:
    definition = definitions[kpi.key]
    if definition.status == "draft":
        raise KpiError(f"{kpi.key} is a draft: nobody is shown it until its status in kpis.yaml is active.")
    return kpi.as_variant(definition.variant) if kpi.variants else kpi


def _names(definitions: Mapping[str, KpiDefinition]) -> dict[str, Kpi]:
    """Every name to its KPI; keys win over labels, labels over synonyms."""
    names: dict[str, Kpi] = {}
    known = [(kpi, definitions[kpi.key]) for kpi in CATALOG if kpi.key in definitions]
    for kpi, definition in known:
        names |= {_plain(name): kpi for name in definition.words}
    return names | {_plain(kpi.key): kpi for kpi, _ in known}


def _plain(word: str) -> str:
    """In small letters, without accents, hyphens and the like."""
    bare = "".join(letter for letter in normalize("NFKD", word.casefold()) if not combining(letter))
    return " ".join(bare.replace("_", " ").replace("-", " ").split())


def _nearest(plain: str, names: Mapping[str, Kpi]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    close = process.extract(plain, names.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=60)
    return tuple(dict.fromkeys(names[name].key for name, _, _ in close))
