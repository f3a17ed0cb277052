"""What each verb is answered with: one line each in `VERBS`."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.blocks.breakdown_card import breakdown_card
from bot.blocks.compare_card import compare_card
from bot.blocks.explain_card import explain_card
from bot.blocks.help_card import help_card
from bot.blocks.impact_card import impact_card
from bot.blocks.kpi_card import Card, kpi_card
from bot.blocks.list_card import list_card
from bot.blocks.reader import Reader
from bot.blocks.rehearsed_card import rehearsed_card
from bot.blocks.surveys_card import surveys_card
from bot.blocks.targets_card import targets_card
from bot.blocks.trend_card import trend_card
from bot.blocks.why_not_card import why_not_card
from bot.desk.drawing import line
from bot.desk.reply import Reply
from bot.desk.sources import Sources
from kpi.errors import KpiError, Refused
from kpi.services.answers import Admission
from kpi.services.breakdowns import breakdown
from kpi.services.comparisons import compare
from kpi.services.explanations import explain
from kpi.services.impacts import ImpactWish
from kpi.services.inquiries import Inquiry
from kpi.services.phrases.request import Change, Request, Verb
from kpi.services.phrases.wording import value_words, worded
from kpi.services.questions import Question
from kpi.services.surveys.coverage import coverage
from kpi.services.surveys.why_not import why_not
from kpi.services.trends import USUAL, trend

Asker = tuple[Admission, Reader]
"""Somebody who was let in, and how they read numbers and days."""
USUAL_COUNTS = {"day": 14, "week": 13, "month": 12, "quarter": 8, "half": 6, "year": 5}
"""How many periods a trend has, by their length, where nobody says."""
USUAL_DAYS = 90
"""How many days are simulated, where nobody says."""


def _answer(sources: Sources, request: Request, asker: Asker) -> Card:
    question = _question(request)
    value = sources.reports.answer(question)
    return kpi_card(value, asker[1], value_words(value, usual=question.period is None))


def _by(sources: Sources, request: Request, asker: Asker) -> Card:
    clash = Inquiry(_question(request), by=request.by).clash
    if clash:
        raise KpiError(clash)
    found = breakdown(sources.reports, _question(request), request.by or "")
    return breakdown_card(found, asker[1], _again(request))


def _trend(sources: Sources, request: Request, asker: Asker) -> Reply:
    question = _question(request)
    kind = sources.reports.period(question.period or USUAL, sources.reports.now()).kind.removeprefix("fiscal ")
    found = trend(sources.reports, question, request.count or USUAL_COUNTS[kind])
    return Reply(trend_card(found, asker[1], _again(request)), line(found, asker[1]))


def _compare(sources: Sources, request: Request, asker: Asker) -> Card:
    found = compare(sources.reports, _question(request), request.against or "")
    return compare_card(found, asker[1], _again(request))


def _explain(sources: Sources, request: Request, asker: Asker) -> Card:
    return explain_card(explain(sources.reports, _question(request)), asker[1], _again(request))


def _list(sources: Sources, _: Request, asker: Asker) -> Card:
    return list_card(sources.reports.listed(), asker[1])


def _targets(sources: Sources, request: Request, asker: Asker) -> Card:
    return targets_card(sources.aims(_question(request).kpi, asker[0]), asker[1])


def _impact(sources: Sources, request: Request, asker: Asker) -> Card:
    return impact_card(sources.impacts.check(_wish(request), asker[0].who.user_id), asker[1])


def _require_impact(sources: Sources, request: Request) -> None:
    sources.impacts.require(_wish(request))


def _wish(request: Request) -> ImpactWish:
    change = request.change or Change("", "")
    return ImpactWish(change.what, change.day, change.kpis, _question(request).scope)


def _why_not(sources: Sources, request: Request, asker: Asker) -> Card:
    scope, now = _question(request).scope, sources.reports.now()
    if scope is None or scope.kind != "account":
        raise KpiError("Of one account at a time: for example why-not Acme.")
    with sources.reports.store.transaction() as tx:
        found = why_not(tx, int(scope.id or 0), scope.name or "", now)
    return why_not_card(found, asker[1])


def _surveys(sources: Sources, request: Request, asker: Asker) -> Card:
    return surveys_card(coverage(sources.reports, _question(request), request.by or "account"), asker[1])


def _simulate(sources: Sources, request: Request, asker: Asker) -> Card:
    if asker[0].owners is not None:
        raise Refused("A simulation tells of all accounts; only who may see all of them can ask for it.")
    found = sources.rehearsal.run(USUAL_DAYS if request.count is None else request.count)
    return rehearsed_card(found, request.by or "account", asker[1])


def _help(sources: Sources, _: Request, asker: Asker) -> Card:
    return help_card(sources.examples(asker[0]))


def _again(request: Request) -> str:
    """The words that ask for the very same once more."""
    return worded(replace(request, is_share=False))


def _question(request: Request) -> Question:
    return request.question or Question("")


VERBS: Mapping[Verb, Callable[[Sources, Request, Asker], Card | Reply]] = {
    Verb.ANSWER: _answer,
    Verb.BY: _by,
    Verb.TREND: _trend,
    Verb.COMPARE: _compare,
    Verb.EXPLAIN: _explain,
    Verb.LIST: _list,
    Verb.TARGETS: _targets,
    Verb.IMPACT: _impact,
    Verb.WHY_NOT: _why_not,
    Verb.SURVEYS: _surveys,
    Verb.SIMULATE: _simulate,
    Verb.HELP: _help,
}
LONG: Mapping[Verb, Callable[[Sources, Request], None]] = {Verb.IMPACT: _require_impact}
"""What takes longer than a person may be kept waiting, and what tells at once that it cannot be."""
