"""What people type after the command, in any order."""

import pytest

from kpi.errors import KpiError
from kpi.model import Scope
from kpi.services.questions import Asked, Question, Vocabulary, parse_question

KPIS = ("csat", "nps", "churn", "client satisfaction", "response time")
PERIODS = ("last quarter", "last 90 days", "2026-q3", "2026-13", "march", "may", "this month")
WORDS = Vocabulary(lambda words: words.lower() in KPIS, lambda words: words.lower() in PERIODS)


def asked(text: str) -> Question:
    found = parse_question(text, WORDS)
    assert found.verb == "answer"
    assert found.question
    return found.question


def account(name: str) -> Scope:
    return Scope("account", name)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("csat", Question("csat")),
        ("  CSAT  ", Question("CSAT")),
        ("nps acme 2026-Q3", Question("nps", "2026-Q3", account("acme"))),
        ("2026-Q3 acme nps", Question("nps", "2026-Q3", account("acme"))),
        ("acme nps 2026-Q3", Question("nps", "2026-Q3", account("acme"))),
        ("churn last quarter", Question("churn", "last quarter")),
        ("last quarter churn", Question("churn", "last quarter")),
        ('csat "Acme GmbH" last 90 days', Question("csat", "last 90 days", account("Acme GmbH"))),
        ("csat “Acme GmbH” last 90 days", Question("csat", "last 90 days", account("Acme GmbH"))),
        ("csat „Acme GmbH“", Question("csat", None, account("Acme GmbH"))),
        ("client satisfaction for Acme GmbH in March", Question("client satisfaction", "March", account("Acme GmbH"))),
        ("response time Acme", Question("response time", None, account("Acme"))),
        ("csat segment enterprise", Question("csat", None, Scope("segment", "enterprise"))),
        ("csat owner Anna Arendt this month", Question("csat", "this month", Scope("owner", "Anna Arendt"))),
        ('csat "" ', Question("csat")),
        ("nps O'Neill & Co", Question("nps", None, account("O'Neill & Co"))),
        ("csat 2026-13", Question("csat", "2026-13")),
    ],
)
def test_the_words_may_come_in_any_order(text: str, question: Question) -> None:
    assert asked(text) == question


def test_quoted_words_name_an_account_even_where_they_could_be_a_period_or_a_kpi() -> None:
    assert asked('csat "May" last quarter') == Question("csat", "last quarter", account("May"))
    assert asked('nps "Churn" "2026-Q3"') == Question("nps", None, account("Churn 2026-Q3"))
    assert asked('"help" csat') == Question("csat", None, account("help"))


def test_the_longest_name_wins() -> None:
    longer = Vocabulary(lambda words: words in ("client", "client satisfaction"), lambda _: False)
    found = parse_question("client satisfaction acme", longer)
    assert found.question == Question("client satisfaction", None, account("acme"))


@pytest.mark.parametrize(
    ("text", "verb"),
    [("", "help"), ("   ", "help"), ("help", "help"), ("HELP me", "help"), ("?", "help"), ("list", "list")],
)
def test_nothing_at_all_asks_for_help(text: str, verb: str) -> None:
    assert parse_question(text, WORDS) == Asked(verb)


def test_without_a_known_kpi_the_unknown_words_are_kept_for_the_hint() -> None:
    assert asked("cast last quarter") == Question("cast", "last quarter")
    assert asked("last quarter") == Question("last quarter", "last quarter")


def test_a_text_of_absurd_length_is_refused_in_words() -> None:
    with pytest.raises(KpiError, match="more than 24 words"):
        parse_question("word " * 3000, WORDS)


@pytest.mark.parametrize("text", ['"', '""', "“", '" "', '"csat', "\u200b", "<!channel>", "<@U1|x>", "\x00", "🎉 🎉"])
def test_absurd_text_is_a_question_or_a_request_for_help_and_never_a_crash(text: str) -> None:
    assert parse_question(text, WORDS).verb in ("answer", "help")
