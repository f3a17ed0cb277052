"""What people type after the command, in any order."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kpi.errors import KpiError
from kpi.model import Scope
from kpi.services.phrases.reading import read_request
from kpi.services.phrases.request import Change, Request, Verb
from kpi.services.phrases.wording import worded
from kpi.services.phrases.words import Vocabulary
from kpi.services.questions import ANY, MINE, Question

KPIS = ("csat", "nps", "churn", "client satisfaction", "response time")
PERIODS = (
    "last quarter",
    "last month",
    "2025",
    "may 2025",
    "last 90 days",
    "2026-q3",
    "2026-q2",
    "2026-13",
    "march",
    "may",
    "this month",
)
LIKE = {"cast": 75.0, "chrun": 80.0}
WORDS = Vocabulary(
    lambda words: words.lower() in KPIS, lambda words: words.lower() in PERIODS, lambda words: LIKE.get(words, 0.0)
)


def read(text: str) -> Request:
    return read_request(text, WORDS)


def asked(text: str) -> Question:
    found = read(text)
    assert found.verb is Verb.ANSWER
    assert found.question
    return replace(found.question, forgiving=False)


def whoever(name: str) -> Scope:
    return Scope(ANY, name)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("csat", Question("csat")),
        ("  CSAT  ", Question("CSAT")),
        ("nps acme 2026-Q3", Question("nps", "2026-Q3", whoever("acme"))),
        ("2026-Q3 acme nps", Question("nps", "2026-Q3", whoever("acme"))),
        ("acme nps 2026-Q3", Question("nps", "2026-Q3", whoever("acme"))),
        ("churn last quarter", Question("churn", "last quarter")),
        ("last quarter churn", Question("churn", "last quarter")),
        ('csat "Acme GmbH" last 90 days', Question("csat", "last 90 days", whoever("Acme GmbH"))),
        ("csat “Acme GmbH” last 90 days", Question("csat", "last 90 days", whoever("Acme GmbH"))),
        ("csat „Acme GmbH“", Question("csat", None, whoever("Acme GmbH"))),
        ("client satisfaction for Acme GmbH in March", Question("client satisfaction", "March", whoever("Acme GmbH"))),
        ("response time Acme", Question("response time", None, whoever("Acme"))),
        ("csat client acme", Question("csat", None, whoever("client acme"))),
        ("csat manager Anna", Question("csat", None, Scope("owner", "Anna"))),
        ("csat account acme", Question("csat", None, Scope("account", "acme"))),
        ("csat segment enterprise", Question("csat", None, Scope("segment", "enterprise"))),
        ("csat owner Anna Arendt this month", Question("csat", "this month", Scope("owner", "Anna Arendt"))),
        ("csat account#12", Question("csat", None, Scope("account", None, 12))),
        ("owner#3 churn last quarter", Question("churn", "last quarter", Scope("owner", None, 3))),
        ("csat mine", Question("csat", None, Scope(MINE))),
        ("my churn last quarter", Question("churn", "last quarter", Scope(MINE))),
        ("csat for my accounts", Question("csat", None, Scope(MINE))),
        ("csat my way", Question("csat", None, whoever("my way"))),
        ('csat "mine"', Question("csat", None, whoever("mine"))),
        ('csat "" ', Question("csat")),
        ("nps O'Neill & Co", Question("nps", None, whoever("O'Neill & Co"))),
        ("csat 2026-13", Question("csat", "2026-13")),
    ],
)
def test_the_words_may_come_in_any_order(text: str, question: Question) -> None:
    assert asked(text) == question


def test_quoted_words_name_somebody_even_where_they_could_be_a_period_a_kpi_or_a_verb() -> None:
    assert asked('csat "May" last quarter') == Question("csat", "last quarter", whoever("May"))
    assert asked('nps "Churn" "2026-Q3"') == Question("nps", None, whoever("Churn 2026-Q3"))
    assert asked('"help" csat') == Question("csat", None, whoever("help"))
    assert asked('"trend" csat') == Question("csat", None, whoever("trend"))


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("trend csat", Request(Verb.TREND, Question("csat"))),
        ("csat trend 12m", Request(Verb.TREND, Question("csat", "last month"), count=12)),
        ("trend 13 weeks churn acme", Request(Verb.TREND, Question("churn", "last week", whoever("acme")), count=13)),
        ("trend csat last 8 quarters", Request(Verb.TREND, Question("csat", "last quarter"), count=8)),
        ("trend nps 2026-Q3 8", Request(Verb.TREND, Question("nps", "2026-Q3"), count=8)),
        ("trend csat last 90 days", Request(Verb.TREND, Question("csat", "last week"), count=13)),
        ("trend csat 14d", Request(Verb.TREND, Question("csat", "yesterday"), count=14)),
        ("trend nps client 12", Request(Verb.TREND, Question("nps", None, whoever("client 12")))),
        ("trend nps client 12 6m", Request(Verb.TREND, Question("nps", "last month", whoever("client 12")), count=6)),
        ("csat by segment", Request(Verb.BY, Question("csat"), by="segment")),
        ("by owners last quarter csat", Request(Verb.BY, Question("csat", "last quarter"), by="owner")),
        ("nps per client segment smb", Request(Verb.BY, Question("nps", None, Scope("segment", "smb")), by="account")),
        ("compare csat 2026-Q2 2026-Q3", Request(Verb.COMPARE, Question("csat", "2026-Q3"), against="2026-Q2")),
        ("csat compare 2026-Q3 to 2026-Q2", Request(Verb.COMPARE, Question("csat", "2026-Q2"), against="2026-Q3")),
        (
            "compare this month with last quarter nps for acme",
            Request(Verb.COMPARE, Question("nps", "last quarter", whoever("acme")), against="this month"),
        ),
        ("explain churn last quarter", Request(Verb.EXPLAIN, Question("churn", "last quarter"))),
        ("why churn", Request(Verb.EXPLAIN, Question("churn"))),
        ("why-not Acme", Request(Verb.WHY_NOT, Question("", scope=Scope("account", "Acme")))),
        ("why not acme gmbh", Request(Verb.WHY_NOT, Question("", scope=Scope("account", "acme gmbh")))),
        ("surveys", Request(Verb.SURVEYS, Question(""))),
        ("simulate", Request(Verb.SIMULATE)),
        ("simulate last 30 days by contact", Request(Verb.SIMULATE, by="contact", count=30)),
        ("simulate 120d programme", Request(Verb.SIMULATE, by="programme", count=120)),
        (
            "surveys by program last quarter Acme",
            Request(Verb.SURVEYS, Question("", "last quarter", whoever("Acme")), by="programme"),
        ),
        (
            "surveys owner Anna per owner 2025",
            Request(Verb.SURVEYS, Question("", "2025", Scope("owner", "Anna")), by="owner"),
        ),
        ("surveys of Acme by segment", Request(Verb.SURVEYS, Question("", None, whoever("Acme")), by="segment")),
        ("targets", Request(Verb.TARGETS, Question(""))),
        ("targets csat", Request(Verb.TARGETS, Question("csat"))),
        (
            'impact "new portal" 2026-05-01',
            Request(Verb.IMPACT, Question(""), change=Change("new portal", "2026-05-01")),
        ),
        (
            "impact new portal 2026-05-01 csat churn",
            Request(Verb.IMPACT, Question(""), change=Change("new portal", "2026-05-01", ("csat", "churn"))),
        ),
        (
            'impact 2026-05-01 "new portal" nps segment smb',
            Request(
                Verb.IMPACT,
                Question("", scope=Scope("segment", "smb")),
                change=Change("new portal", "2026-05-01", ("nps",)),
            ),
        ),
        (
            "impact new csat survey 2026-05-01 acme",
            Request(Verb.IMPACT, Question("", scope=whoever("acme")), change=Change("new csat survey", "2026-05-01")),
        ),
        ("csat by account manager", Request(Verb.BY, Question("csat"), by="owner")),
        ("share csat last quarter", Request(Verb.ANSWER, Question("csat", "last quarter"), is_share=True)),
        ("csat by segment share", Request(Verb.BY, Question("csat"), by="segment", is_share=True)),
    ],
)
def test_every_verb_takes_its_words_in_any_order(text: str, request_: Request) -> None:
    found = read(text)
    if found.question:
        found = replace(found, question=replace(found.question, forgiving=False))
    assert found == request_


def test_the_longest_name_wins() -> None:
    longer = Vocabulary(lambda words: words in ("client", "client satisfaction"), lambda _: False)
    found = read_request("client satisfaction acme", longer)
    assert found.question == Question("client satisfaction", None, whoever("acme"), forgiving=True)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("", Verb.HELP),
        ("   ", Verb.HELP),
        ("help", Verb.HELP),
        ("HELP me", Verb.HELP),
        ("?", Verb.HELP),
        ("share", Verb.HELP),
        ("list", Verb.LIST),
        ("kpis", Verb.LIST),
    ],
)
def test_nothing_at_all_asks_for_help(text: str, verb: Verb) -> None:
    assert read(text) == Request(verb)


def test_without_a_known_kpi_the_words_most_like_one_are_kept_for_the_hint() -> None:
    assert asked("cast last quarter") == Question("cast", "last quarter")
    assert asked("acme chrun last quarter") == Question("chrun", "last quarter", whoever("acme"))
    assert asked("last quarter") == Question("last quarter", "last quarter")
    assert asked("zzz acme") == Question("zzz acme")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("word " * 3000, "more than 24 words"),
        ("compare csat 2026-Q2", "Name two periods to compare"),
        ("compare", "not a KPI"),
        ("impact", "Say what changed and on which day"),
        ('impact "new portal"', "Say what changed and on which day"),
        ("impact 2026-05-01", "Say what changed and on which day"),
        ("impact a 2026-05-01 2026-06-01", "Say what changed and on which day"),
        ("why-not", "Which account"),
        ("trend csat by segment", "one of by, trend, compare and explain"),
        ("explain csat trend", "one of by, trend, compare and explain"),
        ("share list", "What is to be shared"),
        ("share help", "What is to be shared"),
    ],
)
def test_what_is_missing_is_said_with_an_example(text: str, words: str) -> None:
    if text == "compare":
        assert asked(text) == Question("compare")
        return
    with pytest.raises(KpiError, match=words):
        read(text)


@pytest.mark.parametrize("text", ['"', '""', "“", '" "', '"csat', "\u200b", "<!channel>", "<@U1|x>", "\x00", "🎉 🎉"])
def test_absurd_text_is_a_question_or_a_request_for_help_and_never_a_crash(text: str) -> None:
    assert read(text).verb in (Verb.ANSWER, Verb.HELP)


@given(some.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(KpiError):
        assert isinstance(read(text), Request)


NAMES = some.text(
    some.characters(codec="utf-8", exclude_characters='"“”„«»', exclude_categories=("C", "Z")), min_size=1
)
SCOPED = some.one_of(
    some.none(),
    some.just(Scope(MINE)),
    some.builds(Scope, some.sampled_from(("account", "owner")), some.none(), some.integers(1, 10**12)),
    some.builds(Scope, some.sampled_from(("account", "segment", "owner", ANY)), NAMES),
)


def questions(periods: some.SearchStrategy[str | None], kpis: Sequence[str] = KPIS) -> some.SearchStrategy[Question]:
    return some.builds(Question, some.sampled_from(kpis), periods, SCOPED, forgiving=some.just(True))


FIXED = some.sampled_from([period for period in PERIODS if "days" not in period])
QUESTIONS = questions(some.one_of(some.none(), some.sampled_from(PERIODS)))
REQUESTS = some.one_of(
    some.builds(Request, some.sampled_from((Verb.ANSWER, Verb.EXPLAIN)), QUESTIONS, is_share=some.booleans()),
    some.builds(Request, some.just(Verb.BY), QUESTIONS, by=some.sampled_from(("segment", "owner", "account"))),
    some.builds(
        Request,
        some.just(Verb.SURVEYS),
        questions(some.one_of(some.none(), some.sampled_from(PERIODS)), ("",)),
        by=some.sampled_from((None, "account", "programme", "owner")),
    ),
    some.builds(Request, some.just(Verb.TREND), questions(FIXED), count=some.one_of(some.none(), some.integers(1, 60))),
    some.builds(
        Request, some.just(Verb.COMPARE), questions(some.sampled_from(PERIODS)), against=some.sampled_from(PERIODS)
    ),
)


@given(REQUESTS)
def test_a_request_put_into_words_is_read_as_the_same_request(request: Request) -> None:
    assert read(worded(request)) == request
