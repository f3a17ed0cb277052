"""What somebody may have meant by a request that names what does not exist, or what several are called by."""

from collections.abc import Iterator
from dataclasses import replace

from kpi.errors import KpiError, UnknownWord
from kpi.model import Scope
from kpi.services.phrases.reading import ANYWHERE
from kpi.services.phrases.request import Request, Verb
from kpi.services.phrases.wording import of_question
from kpi.services.phrases.words import Vocabulary
from kpi.services.questions import ANY, Question
from kpi.services.scopes import Ambiguous

_LIKE_A_VERB = 75


def meant(request: Request, fault: KpiError, vocabulary: Vocabulary) -> tuple[Request, ...]:
    """The requests that differ from this one by the word at fault, the nearest first; none where nothing is near."""
    if isinstance(fault, Ambiguous):
        return tuple(of_question(request, scope=scope) for scope in fault.choices)
    if not isinstance(fault, UnknownWord) or request.question is None:
        return ()
    found = [*_as_verb(request, request.question), *_mended(request, request.question, fault, vocabulary)]
    return tuple(dict.fromkeys(found))


def _mended(request: Request, question: Question, fault: UnknownWord, vocabulary: Vocabulary) -> Iterator[Request]:
    scope = question.scope or Scope(ANY)
    for word in fault.nearest:
        if question.kpi and not vocabulary.is_kpi(question.kpi):
            yield of_question(request, kpi=word)
        elif vocabulary.is_period(word):
            yield of_question(request, period=word, scope=None)
        else:
            yield of_question(request, scope=replace(scope, name=word))


def _as_verb(request: Request, question: Question) -> Iterator[Request]:
    """`trnd csat`: what was taken for a name is a verb with a slip."""
    from rapidfuzz import fuzz

    name = (question.scope.name or "").lower() if question.scope else ""
    for word, verb in ANYWHERE.items():
        if request.verb is Verb.ANSWER and verb is not Verb.COMPARE and fuzz.ratio(name, word) >= _LIKE_A_VERB:
            yield replace(request, verb=verb, question=replace(question, scope=None))
