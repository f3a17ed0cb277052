"""The mix: how many of what the portfolio holds. README.md says the same in words; change both together."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
"""Where our own team works; the portfolio's days are days of this zone."""
CURRENCY = "EUR"
"""The only currency for which the shipped configuration needs no rate."""
DAYS_PER_MONTH = 365.25 / 12

EVENTS = 10_000_000
"""Events of 2,000 accounts in 36 months: the fixed density."""
DENSITY = EVENTS / (2_000 * 36)
"""Events per account of the portfolio and month of its history, whether the account is a client in it or not."""
EVENT_FILES = ("messages", "usage", "episodes", "interactions", "surveys", "replies", "feedback", "offers")

HAND = 20
"""Traits are dealt in hands of this many accounts, each hand true to the mix."""
ACCOUNTS_PER_OWNER = 12
OWNERS_PER_TEAM = 6

JOINING = 0.18
"""New accounts per year, as a share of those there on the first day."""
MEAN_AGE_MONTHS = 30
"""How long those had been clients by then; exponential, at least one month and at most OLDEST_MONTHS."""
OLDEST_MONTHS = 96
RETURNING = 0.12
"""Share of lost accounts that come back after 3 to 9 months."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One size of client. `talk`, `usage`: relative to the whole; `meetings`: interactions per month;
    `mrr`: median monthly revenue; `long`: share of 24-month contracts, the others run 12; `contacts`: least and most.
    """

    name: str
    share: float
    talk: float
    usage: float
    meetings: float
    mrr: float
    long: float
    contacts: tuple[int, int]
    plans: tuple[str, ...]


SEGMENTS = (
    Segment("Small", 0.50, 0.70, 0.75, 2.1, 1_100, 0.20, (1, 3), ("Core", "Core", "Growth")),
    Segment("Mid-market", 0.35, 1.05, 1.05, 3.2, 3_600, 0.40, (2, 4), ("Core", "Growth", "Growth")),
    Segment("Enterprise", 0.15, 1.90, 1.70, 5.0, 11_500, 0.65, (3, 6), ("Growth", "Partner", "Partner")),
)
MRR_SIGMA = 0.55
ACTIVITY_SIGMA = 0.40
GROWTH_SIGMA = 0.16
"""Spread of the yearly growth or shrinkage of an account's messages and usage, around none."""
WITHOUT_USAGE = 0.08
"""Share of accounts that use nothing we could count."""


@dataclass(frozen=True, slots=True)
class Country:
    """Where clients live. `hours_ahead`: what their clocks lag behind ours; `forms`: legal forms of companies."""

    code: str
    subdivision: str | None
    share: float
    language: str
    timezone: str
    hours_ahead: int
    forms: tuple[str, ...]


COUNTRIES = (
    Country("DE", "NW", 0.35, "de", "Europe/Berlin", 0, ("GmbH", "GmbH", "AG", "GmbH & Co. KG")),
    Country("GB", "ENG", 0.35, "en", "Europe/London", 1, ("Ltd", "Ltd", "plc", "LLP")),
    Country("AT", "9", 0.10, "de", "Europe/Vienna", 0, ("GmbH", "KG")),
    Country("IE", None, 0.15, "en", "Europe/Dublin", 1, ("Ltd", "DAC")),
    Country("CH", "ZH", 0.05, "de", "Europe/Zurich", 0, ("AG", "GmbH")),
)
OURS = ("DE", "BE")
"""The team's own country, whose holidays nobody answers on."""

CLIENT_WEEK = (1.02, 1.10, 1.08, 1.02, 0.78, 0.030, 0.025)
"""How busy Monday to Sunday are; a public holiday is like a Sunday."""
USAGE_WEEK = (1.05, 1.10, 1.08, 1.02, 0.75, 0.060, 0.045)
SUMMER_DIP, YEAR_END_DIP = 0.25, 0.70
"""How much quieter August and the days from Christmas to New Year are."""

LEAVING = MappingProxyType({12: 0.120, 24: 0.215})
"""Share of contracts not renewed, by their length in months."""
NOTICE_MONTHS = MappingProxyType({12: (1, 3), 24: (3, 3)})
SILENT = 0.20
"""Share of leaving accounts that show nothing before."""
LEAD_DAYS = (28, 98)
"""Trouble begins so many days before the notice."""
RAMP_DAYS, EASING_DAYS = 24, 21
AFTER_NOTICE = 0.70
"""What is left of messages and usage once notice is given."""
RECOVERING = 0.12
"""Troubles per account and year that pass again, after RECOVERY_DAYS."""
RECOVERY_DAYS = (42, 120)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What one kind of trouble does at its height. `talk`, `usage`, `answering`: shares that fall away;
    `wait`: factor on the time to a response; `score`: fall of satisfaction, in its standard deviations.
    `topic` is what comments are about; `reason` what the client gives for leaving; `weight` how frequent it is.
    """

    weight: float
    talk: float
    usage: float
    answering: float
    wait: float
    score: float
    topic: str
    reason: str


TROUBLES: Mapping[str, Trouble] = MappingProxyType(
    {
        "service": Trouble(0.34, 0.30, 0.20, 0.25, 2.6, 1.5, "speed", "Response times"),
        "results": Trouble(0.26, 0.40, 0.45, 0.35, 1.5, 1.3, "results", "Results below expectations"),
        "champion": Trouble(0.22, 0.60, 0.40, 0.60, 1.3, 0.8, "people", "Sponsor left the company"),
        "price": Trouble(0.18, 0.35, 0.30, 0.30, 1.4, 1.1, "price", "Budget cut"),
    }
)
SILENT_REASONS = ("Moved in-house", "Acquired by another company", "Insolvency", "Budget cut")

EPISODES_PER_DAY = 4.50
"""Client messages that open a wait, per account and ordinary working day, where TALK is 1."""
WAIT_HOURS, WAIT_SIGMA = 1.5, 1.0
"""Median business time to the first response of an ordinary team, and the spread of its logarithm."""
QUALITY_ON_WAIT = 0.35
UNANSWERED = 0.006
LOGINS_PER_DAY = 9.0

ASKED, ASKED_CES = 0.62, 0.25
"""Share of interactions followed by a survey, and of these (support, delivery) by CES in place of CSAT."""
CSAT_REST_DAYS = 30
"""Nobody is asked about an interaction again for so long."""
NPS_EVERY_DAYS = 182
ANSWERING = 0.32
COMMENTING = 0.45
CUTS = MappingProxyType(
    {
        "csat": (-2.20, -1.65, -0.99, 0.10),
        "nps": (-3.0, -2.8, -2.55, -2.2, -1.9, -1.50, -1.01, -0.52, 0.03, 0.70),
        "ces": (-2.4, -2.0, -1.5, -0.9, -0.1, 0.8),
    }
)
"""Satisfaction (mean about 0, deviation about 1) above the n-th cut is the n-th score above the lowest."""
QUALITY_ON_SCORE, ACCOUNT_ON_SCORE, CONTACT_ON_SCORE, NOISE_ON_SCORE = 0.40, 0.35, 0.35, 0.75

OFFERS_PER_MONTH = 0.10
FEEDBACK_PER_MONTH = 0.40
ACTIONABLE, IMPLEMENTED, DECLINED = 0.70, 0.55, 0.20
PROJECTS_PER_YEAR = 0.5

CLIENT_ON_DENSITY = (
    (0.0, 0.08, 0.17, 0.33, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0),
    (0.985, 0.986, 1.001, 1.016, 1.125, 1.254, 1.376, 1.608, 2.064, 3.003),
)
"""Years of history; a client's events then in multiples of DENSITY, to make up for accounts that are none; measured."""
EVENTS_PER_TALK = (
    (0.169, 0.296, 0.422, 0.633, 0.844, 1.056, 1.267, 1.689, 2.533, 3.378),
    (100.3, 116.2, 130.5, 152.6, 174.0, 194.9, 215.8, 257.4, 339.8, 422.1),
)
"""TALK, and the events of a client in a month; measured."""
