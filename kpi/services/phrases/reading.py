"""From what a person types to a request: a table of verbs, each with a function that reads what belongs to it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from kpi.errors import KpiError
from kpi.model import Scope
from kpi.services.phrases.request import Change, Request, Verb
from kpi.services.phrases.words import Token, Tokens, Vocabulary, joined, likest, stripped, taken, tokens
from kpi.services.questions import ANY, MINE, Question

SCOPES = ("account", "segment", "owner", "manager")
"""What names a scope before its name; a client may be called Client 12."""
GROUPS: Mapping[str, str] = {
    **dict.fromkeys(("account", "accounts", "client", "clients"), "account"),
    **dict.fromkeys(("segment", "segments"), "segment"),
    **dict.fromkeys(("owner", "owners", "manager", "managers"), "owner"),
}
"""What a KPI is broken down by, as people call it."""
_PROGRAMMES = dict.fromkeys(("programme", "programmes", "program", "programs"), "programme")
FILLERS = ("for", "of", "in", "during", "at", "and", "vs", "vs.", "versus", "with", "to", "than", "the", "over", "only")
OWN = ("mine", "my", "me")
_BY = ("by", "per")
_OWN_CLIENTS = ("accounts", "clients", "account", "client")
_NUMBERED = re.compile(r"(account|owner)#(\d{1,18})", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COUNT = re.compile(
    r"(?:(?:last|past) )?(\d{1,3}) ?(d|w|m|q|h|y|days?|weeks?|months?|quarters?|hal(?:f|ves)|years?|periods?)", re.ASCII
)
_DAYS = re.compile(r"(\d{1,4})(?:d|days?)?")
_BARE_COUNT = re.compile(r"\d{1,2}", re.ASCII)
_UNITS = {
    "d": "yesterday",
    "w": "last week",
    "m": "last month",
    "q": "last quarter",
    "h": "last half",
    "y": "last year",
}
"""The last whole period of each length, by the letter its name begins with; a number of periods is of any length."""
_LIKE_A_KPI, _MOST_DAYS = 60.0, 31


def read_request(text: str, vocabulary: Vocabulary) -> Request:
    """What was asked for. Words that are neither verb, KPI nor period name the scope; nothing at all asks for help.

    KpiError for what is missing, in a sentence with an example.
    """
    some = tokens(text)
    shared = [token for token in some if token.plain == "share"]
    rest = [token for token in some if token.plain != "share"]
    if not rest:
        return Request(Verb.HELP)
    request = _read(rest, vocabulary)
    if shared and request.question is None:
        raise KpiError("What is to be shared? Name a KPI, for example: share csat last quarter.")
    return replace(request, is_share=bool(shared))


def _read(some: Tokens, vocabulary: Vocabulary) -> Request:
    for words, verb in LEADING.items():
        count = len(words.split())
        if [token.plain for token in some[:count]] == words.split():
            return READERS[verb](some[count:], vocabulary)
    verbs = [place for place, token in enumerate(some) if token.plain in ANYWHERE and len(some) > 1]
    grouped = [(place, found) for place in range(len(some)) if (found := _group(some[place:]))]
    if len(verbs) + len(grouped) > 1:
        raise KpiError("Ask for one of by, trend, compare and explain at a time.")
    if grouped:
        where, (length, group) = grouped[0]
        return _by(group, some[:where] + some[where + length :], vocabulary)
    if verbs:
        (place,) = verbs
        return READERS[ANYWHERE[some[place].plain]](some[:place] + some[place + 1 :], vocabulary)
    return _answer(some, vocabulary)


def _group(some: Tokens) -> tuple[int, str] | None:
    """How many words at the beginning say what to break down by, and what that is: by owner, per account manager."""
    plain = [token.plain for token in some[:3]]
    if len(plain) < 2 or plain[0] not in _BY or plain[1] not in GROUPS:
        return None
    if plain[2:] and GROUPS[plain[1]] == "account" and GROUPS.get(plain[2]) == "owner":
        return 3, "owner"
    return 2, GROUPS[plain[1]]


def _answer(some: Tokens, vocabulary: Vocabulary) -> Request:
    return Request(Verb.ANSWER, _question(some, vocabulary))


def _by(group: str, some: Tokens, vocabulary: Vocabulary) -> Request:
    return Request(Verb.BY, _question(some, vocabulary), by=group)


def _explain(some: Tokens, vocabulary: Vocabulary) -> Request:
    return Request(Verb.EXPLAIN, _question(some, vocabulary))


def _trend(some: Tokens, vocabulary: Vocabulary) -> Request:
    """`trend csat 12m`, `trend csat 2026-Q3 8`; a number alone is a count unless it ends somebody's name."""
    counted, rest = taken(some, lambda words: _COUNT.fullmatch(words.lower()) is not None)
    if counted is not None:
        question = _question(rest, vocabulary)
        count, period = _counted(counted.lower())
        return Request(Verb.TREND, replace(question, period=question.period or period), count=count)
    counted, rest = taken(some, lambda words: _BARE_COUNT.fullmatch(words) is not None)
    question = _question(rest, vocabulary)
    if counted is None or question.scope is not None:
        return Request(Verb.TREND, _question(some, vocabulary))
    return Request(Verb.TREND, question, count=int(counted))


def _counted(words: str) -> tuple[int, str | None]:
    """How many periods, and the last of them; more than a month of days goes by weeks."""
    found = _COUNT.fullmatch(words)
    number, unit = found.groups() if found else ("0", "p")
    count, letter = int(number), unit[0]
    if letter == "d" and count > _MOST_DAYS:
        count, letter = round(count / 7), "w"
    return count, _UNITS.get(letter)


def _compare(some: Tokens, vocabulary: Vocabulary) -> Request:
    kpi, rest = taken(some, vocabulary.is_kpi)
    first, rest = taken(rest, vocabulary.is_period)
    second, rest = taken(rest, vocabulary.is_period)
    if first is None or second is None:
        raise KpiError("Name two periods to compare, for example: compare csat 2026-Q2 2026-Q3.")
    question = _question([*([Token(kpi)] if kpi else []), *rest], vocabulary)
    in_order = sorted((first, second), key=lambda words: joined(some).find(words))
    return Request(Verb.COMPARE, replace(question, period=in_order[1]), against=in_order[0])


def _targets(some: Tokens, vocabulary: Vocabulary) -> Request:
    return Request(Verb.TARGETS, _question(some, vocabulary) if some else Question(""))


def _impact(some: Tokens, vocabulary: Vocabulary) -> Request:
    """`impact "new portal" 2026-05-01 [KPI …] [scope]`; without quotes, what changed stands before the day."""
    days = [place for place, token in enumerate(some) if not token.quoted and _ISO_DAY.fullmatch(token.words)]
    if len(days) != 1 or len(some) < 2:
        raise KpiError('Say what changed and on which day, for example: impact "new portal" 2026-05-01.')
    before, after = some[: days[0]], some[days[0] + 1 :]
    named = next((token for token in some if token.quoted), None)
    if named:
        what, rest = named.words, [token for token in before + after if token is not named]
    else:
        what, rest = (joined(before), after) if before else (joined(after), [])
    kpis, rest = _all_taken(rest, vocabulary.is_kpi)
    return Request(Verb.IMPACT, Question("", scope=_scope(rest)), change=Change(what, some[days[0]].words, kpis))


def _why_not(some: Tokens, _: Vocabulary) -> Request:
    scope = _scope(some)
    if scope is None:
        raise KpiError("Which account? For example: why-not Acme.")
    account = replace(scope, kind="account") if scope.kind == ANY else scope
    return Request(Verb.WHY_NOT, Question("", scope=account))


def _surveys(some: Tokens, vocabulary: Vocabulary) -> Request:
    """`surveys [scope] [period] [by account|programme|owner]`."""
    groups = {**GROUPS, **_PROGRAMMES}
    pairs = ((where, groups.get(after.plain)) for where, after in enumerate(some[1:]) if some[where].plain in _BY)
    where, by = next(((where, group) for where, group in pairs if group), (len(some), None))
    period, rest = taken(some[:where] + some[where + 2 :], vocabulary.is_period)
    return Request(Verb.SURVEYS, Question("", period, _scope(rest), forgiving=True), by=by)


def _simulate(some: Tokens, _: Vocabulary) -> Request:
    """`simulate [90 days] [by account|programme|contact]`."""
    groups = {"account": "account", "programme": "programme", "program": "programme", "contact": "contact"}
    days = next((found for token in some if (found := _DAYS.fullmatch(token.plain))), None)
    by = next((groups[token.plain] for token in some if token.plain in groups), None)
    return Request(Verb.SIMULATE, by=by, count=int(days[1]) if days else None)


def _list(_: Tokens, __: Vocabulary) -> Request:
    return Request(Verb.LIST)


def _help(_: Tokens, __: Vocabulary) -> Request:
    return Request(Verb.HELP)


def _question(some: Tokens, vocabulary: Vocabulary) -> Question:
    """The KPI, the period and the scope among the words, wherever they stand.

    Without a KPI that is known, the words most like one are kept in its place for the hint.
    """
    kpi, rest = taken(some, vocabulary.is_kpi)
    period, rest = taken(rest, vocabulary.is_period)
    if kpi is None:
        kpi, rest = likest(rest, vocabulary.likeness, _LIKE_A_KPI)
    if kpi is None:
        return Question(joined(rest or some), period)
    return Question(kpi, period, _scope(rest), forgiving=True)


def _scope(some: Tokens) -> Scope | None:
    some = stripped(some, FILLERS)
    if not some:
        return None
    if some[0].plain in OWN and all(token.plain in _OWN_CLIENTS for token in some[1:]):
        return Scope(MINE)
    numbered = _NUMBERED.fullmatch(some[0].plain)
    if numbered and len(some) == 1:
        return Scope(numbered[1], None, int(numbered[2]))
    if len(some) > 1 and some[0].plain in SCOPES:
        return Scope(GROUPS[some[0].plain], joined(some[1:]))
    return Scope(ANY, joined(some))


def _all_taken(some: Tokens, known: Callable[[str], bool]) -> tuple[tuple[str, ...], Tokens]:
    found: list[str] = []
    while True:
        words, rest = taken(some, known)
        if words is None:
            return tuple(found), some
        found.append(words)
        some = rest


LEADING: Mapping[str, Verb] = {
    **dict.fromkeys(("help", "?", "hilfe", "aide", "ayuda"), Verb.HELP),
    **dict.fromkeys(("list", "kpis"), Verb.LIST),
    **dict.fromkeys(("targets", "target"), Verb.TARGETS),
    **dict.fromkeys(("why-not", "why not", "whynot"), Verb.WHY_NOT),
    "impact": Verb.IMPACT,
    "surveys": Verb.SURVEYS,
    "simulate": Verb.SIMULATE,
}
"""Verbs that stand first."""
ANYWHERE: Mapping[str, Verb] = {
    "trend": Verb.TREND,
    "compare": Verb.COMPARE,
    **dict.fromkeys(("explain", "why"), Verb.EXPLAIN),
}
"""Verbs that may stand anywhere; what is called like one stands in quotes."""
READERS: Mapping[Verb, Callable[[Tokens, Vocabulary], Request]] = {
    Verb.HELP: _help,
    Verb.LIST: _list,
    Verb.TARGETS: _targets,
    Verb.WHY_NOT: _why_not,
    Verb.SURVEYS: _surveys,
    Verb.SIMULATE: _simulate,
    Verb.IMPACT: _impact,
    Verb.TREND: _trend,
    Verb.COMPARE: _compare,
    Verb.EXPLAIN: _explain,
}
