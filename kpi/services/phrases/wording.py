"""A request as the words that ask for it: what buttons carry, and what the record of questions keeps."""

from dataclasses import replace

from kpi.model import KpiValue, Scope
from kpi.services.phrases.request import Request, Verb
from kpi.services.phrases.words import QUOTES
from kpi.services.questions import ANY, MINE, Question

_LEADS = {
    Verb.TREND: "trend",
    Verb.COMPARE: "compare",
    Verb.EXPLAIN: "explain",
    Verb.LIST: "list",
    Verb.TARGETS: "targets",
    Verb.IMPACT: "impact",
    Verb.WHY_NOT: "why-not",
    Verb.SURVEYS: "surveys",
    Verb.SIMULATE: "simulate",
    Verb.HELP: "help",
}


def worded(request: Request) -> str:
    """The words of a request; reading them gives it back, but for quotation marks inside a name."""
    return _words(request, scope_words(_scope(request)))


def spoken(request: Request) -> str:
    """The same for people to read: who it is about goes by name."""
    scope = _scope(request)
    return _words(request, scope.name or scope_words(scope) if scope else "")


def _words(request: Request, whom: str) -> str:
    lead, by = _LEADS.get(request.verb, ""), f"by {request.by}" if request.by else ""
    change = request.change
    changed = (f'"{_unquoted(change.what)}"', change.day, *change.kpis) if change else ()
    count = "" if request.count is None else f"{request.count} periods"
    question = request.question or Question("")
    shared = "share" if request.is_share else ""
    compared = f"{request.against} vs" if request.against else ""
    words = (shared, lead, by, *changed, question.kpi, compared, question.period, count, whom)
    return " ".join(word for word in words if word)


def _scope(request: Request) -> Scope | None:
    return request.question.scope if request.question else None


def question_words(question: Question) -> str:
    """The words of a question alone."""
    return worded(Request(Verb.ANSWER, question))


def value_words(value: KpiValue, *, usual: bool = False) -> str:
    """The words that ask for what a value answers; `usual`: its period is the usual one and goes without saying."""
    return question_words(Question(value.key, None if usual else value.period.key, value.scope))


def of_question(request: Request, **changes: object) -> Request:
    """The request with its question changed."""
    question = request.question or Question("")
    return replace(request, question=replace(question, **changes))  # type: ignore[arg-type]


def scope_words(scope: Scope | None) -> str:
    """A scope by its id where it was found, else by its name in quotes; "" for the whole workspace."""
    if scope is None or scope.kind == "workspace":
        return ""
    if scope.kind == MINE:
        return MINE
    if isinstance(scope.id, int):
        return f"{scope.kind}#{scope.id}"
    name = f'"{_unquoted(scope.name or "")}"'
    return name if scope.kind == ANY else f"{scope.kind} {name}"


def _unquoted(name: str) -> str:
    return "".join(" " if letter in QUOTES else letter for letter in name)
