"""The cards that say why: what stands behind a value, a change, a target, and a question that was not asked."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.blocks.explain_card import explain_card
from bot.blocks.impact_card import impact_card
from bot.blocks.kpi_card import Card
from bot.blocks.reader import Reader
from bot.blocks.surveys_card import surveys_card
from bot.blocks.targets_card import targets_card
from bot.blocks.why_not_card import why_not_card
from kpi.metrics.document import to_json
from kpi.model import Interval, KpiValue, PeriodRef, Scope
from kpi.services.explained import Explanation, Fresh, Shown
from kpi.services.impact_checks import Check, Impact, windows
from kpi.services.surveys.covered import Bounds, Coverage, Line, Silent, Tally, Unmapped, Wished
from kpi.services.surveys.rates import NOTHING_OVER, Rate
from kpi.services.surveys.why_not import PutOff, Skipped, WhyNot
from kpi.services.targets import Aim
from tests.builders import BERLIN
from tests.kpi_cards import shipped
from tests.samples import CHURN, CSAT, EVIL, NOTHING, NOW, NPS, WITHHELD

EN, DE = Reader("en", BERLIN, "EUR"), Reader("de", BERLIN, "EUR")
KPIS = shipped().kpis
PERIOD = "From 1 July 2026 to 30 September 2026 (Europe/Berlin): the answers given in the period."
KNOWN = "As known on 5 October 2026, 09:02 CEST: what happened or was recorded later does not count."
FRESH = {
    "accounts": Fresh(None, datetime(2026, 9, 1, 8, 30, tzinfo=UTC)),
    "answers": Fresh(datetime(2026, 10, 5, 6, 40, tzinfo=UTC), datetime(2026, 10, 5, 6, 40, 3, tzinfo=UTC)),
    "terms": Fresh(date(2026, 9, 30), None),
    "usage": Fresh(None, None),
}
ANSWERS = Shown(
    "answers",
    (("in_all", "count"), ("of_each", "counts")),
    (
        ("Birch", (12.0, {"5": 7, "4": 3, "2": 2})),
        (EVIL, (9.0, {"5": 9})),
        *((f"Client number {number}", (6.0, {"5": 3, "4": 2, "1": 1})) for number in range(17)),
        ("4 more accounts together", (4.0, None)),
    ),
    24,
)
LOST = Shown("lost", (), tuple((name, ()) for name in ("Kelp", "Lund", EVIL)), 3)
KEPT = Shown("kept", (), tuple((f"Client number {number}", ()) for number in range(20)), 117)
NOBODY = Shown("won_back", (), (), 0)


def explanation(value: KpiValue, *lists: Shown) -> Explanation:
    """A value explained."""
    definition = replace(KPIS[value.key], formula=value.formula)
    return Explanation(value, definition, {"usual": value.formula}, lists, PERIOD, KNOWN, FRESH)


WAYS = {"survival": "mean of margin received and to come", "historic": "mean of the margin received so far"}
LIFETIME = replace(CSAT, key="clv", label="Client lifetime value", unit="money", value=84_363.0, target=None)
CROWDED = explanation(replace(CSAT, formula="&" * 900), *((ANSWERS, KEPT) * 30))


def impact(*values: KpiValue, today: str = "2026-10-05", what: str = "new portal") -> Impact:
    """A change of 1 August looked at with these."""
    documents, day = tuple(map(to_json, values)), date(2026, 8, 1)
    problems = ("clv: There is no rate for CHF in force on 2026-09-30: add one below `rates` in workspace.yaml.",)
    checks = tuple(Check(window, documents, problems) for window in windows(day, date.fromisoformat(today)))
    return Impact(what, day, Scope("segment", EVIL, EVIL), tuple(value.key for value in values), checks)


EIGHTEEN = [replace(NPS, label=definition.label, unit=definition.unit) for definition in KPIS.values()]


def aim(key: str, scope: Scope, value: float | None, since: date) -> Aim:
    """A target somebody set."""
    return Aim(KPIS[key], scope, value, since, "command line", NOW, since < NOW.date())


AIMS = (
    Aim(KPIS["csat"], Scope(), 80.0, in_force=False),
    aim("csat", Scope(), 85.0, date(2026, 1, 1)),
    aim("csat", Scope("segment", "Enterprise", "Enterprise"), 90.0, date(2026, 7, 1)),
    aim("csat", Scope("account", EVIL, 7), None, date(2026, 7, 1)),
    aim("churn", Scope(), 5.0, date(2027, 1, 1)),
    aim("response_time", Scope(), 2.5, date(2026, 1, 1)),
    aim("clv", Scope(), 90_000.0, date(2026, 1, 1)),
)
SKIPPED = (
    Skipped(NOW, "Ann Lee", "csat", "suppressed", "they would be asked twice within the quiet time"),
    Skipped(NOW, None, "nps", "suppressed", "the account has no channel to ask in"),
    Skipped(NOW, EVIL, "csat", "expired", "nobody answered in time"),
    Skipped(NOW, "Bo Ek", "ces", "failed", "channel_not_found"),
    Skipped(NOW, "Bo Ek", "ces", "cancelled", ""),
)
WHY_NOT = WhyNot("Acme GmbH", 90, 12, 7, 2, SKIPPED, 4)
WISHES = (Wished("Acme GmbH", "Ann Lee", True, NOW), Wished(EVIL, "Bo Ek", False, NOW))
STRANGERS = (Unmapped("Acme GmbH", "Xenia", 2, NOW), Unmapped(EVIL, EVIL, 1, NOW))
PUT_OFF = (
    PutOff(NOW, "Ann Lee", "nps", "the account has had its questions for now"),
    PutOff(NOW, None, "csat", "the channel has had its question for the day"),
)
WAITING = replace(WHY_NOT, put_off=PUT_OFF, wishes=WISHES, strangers=STRANGERS)
FEW = Rate(None, 3, reason="Only 3 closed surveys; at least 5 are needed, so that small groups stay private.")
HELD_BACK = {"they were asked the same not long ago": 9, "the contact asked not to be surveyed": 2}
ASKED = Coverage(
    PeriodRef("2026-09", date(2026, 9, 1), date(2026, 10, 1), True),
    Scope(),
    "account",
    NOW,
    Line(None, Tally(2, 1, 21, 2, 27, 8, 1, 1, 2, HELD_BACK), Rate(42.0, 50, Interval(29.4, 55.8, "wilson"))),
    (
        Line("Birch", Tally(answered=10, expired=20), Rate(33.3, 30, Interval(19.2, 51.2, "wilson"))),
        Line(EVIL, Tally(answered=11, declined=2, expired=4), Rate(64.7, 17, Interval(41.3, 82.7, "wilson"))),
        Line("Acme GmbH", Tally(expired=3, open=8, suppressed=HELD_BACK), FEW),
        Line(None, Tally(failed=1), Rate(None, 0, reason=NOTHING_OVER)),
    ),
    (
        Silent("Acme GmbH", 3, NOW, None, 4500.0),
        Silent(EVIL, 2, NOW, NOW),
        *(Silent(f"Client number {number}", 2, NOW, None) for number in range(9)),
    ),
    WISHES,
    STRANGERS,
    (
        Bounds("csat", "Client satisfaction", "percent", 91.9, 37, 27, 53.1, 95.3),
        Bounds("nps", "Net promoter score", "points", 40.0, 5, 2, 0.0, 57.1),
    ),
)
NOBODY_ASKED = replace(
    ASKED, whole=Line(EVIL, Tally(), Rate(None, 0, reason=NOTHING_OVER)), scope=Scope("account", EVIL, 7), lines=(),
    silent=(), wishes=(), strangers=(), bounds=(),
)  # fmt: skip


def reason_cards() -> dict[str, Card]:
    """By name."""
    return {
        "explain": explain_card(explanation(CSAT, ANSWERS), EN, "explain csat 2026-Q3"),
        "explain_de": explain_card(explanation(CSAT, ANSWERS), DE, "explain csat 2026-Q3"),
        "explain_names": explain_card(explanation(CHURN, LOST, NOBODY, KEPT), EN, "explain churn last 12 months"),
        "explain_variants": explain_card(replace(explanation(LIFETIME, KEPT), variants=WAYS), EN, "explain clv"),
        "explain_withheld": explain_card(replace(explanation(WITHHELD), fresh={}), EN, "explain csat 2026-Q3"),
        "impact": impact_card(impact(CSAT, NPS, CHURN, NOTHING), EN),
        "impact_de": impact_card(impact(CSAT, NPS), DE),
        "impact_of_nothing": impact_card(impact(NOTHING, what=EVIL, today="2026-12-05"), EN),
        "targets": targets_card(AIMS, EN),
        "targets_none": targets_card((), EN),
        "targets_past": targets_card(AIMS[:1], EN),
        "why_not": why_not_card(WHY_NOT, EN),
        "why_not_waiting": why_not_card(WAITING, EN),
        "surveys": surveys_card(ASKED, EN),
        "surveys_de": surveys_card(replace(ASKED, by="owner", scope=Scope("owner", "Anna", 4)), DE),
        "surveys_none": surveys_card(NOBODY_ASKED, EN),
        "why_not_asked": why_not_card(WhyNot(EVIL, 90, 3, 3, 0, (), 0), EN),
        "why_not_ever": why_not_card(WhyNot("Acme GmbH", 90, 0, 0, 0, (), 0), EN),
    }
