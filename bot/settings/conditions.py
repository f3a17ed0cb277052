"""The conditions of a survey programme: facts of interaction, account and contact, joined by all and any."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import PlainValidator

from bot.settings.faults import did_you_mean
from bot.settings.fields import span
from kpi.policy.surveys import Rule, Test

WORDS = ("kind", "tag", "account", "segment", "plan", "language", "owner", "contact")
DAYS = ("term_age",)
FIELDS = (*WORDS, *DAYS)
DEEPEST = 5


def rule(value: Any) -> Rule:
    """`{all: [...], any: [...]}`, where each entry is one fact or again such a rule."""
    return _rule(value, "", 1)


def _rule(value: Any, place: str, depth: int) -> Rule:
    if depth > DEEPEST:
        raise ValueError(f"is nested more than {DEEPEST} deep")
    if not isinstance(value, Mapping) or set(value) - {"all", "any"}:
        raise ValueError(f"{place}must be {{all: [...]}} or {{any: [...]}}, or both".strip())
    return Rule(*(tuple(_entries(value.get(name, []), name, depth)) for name in ("all", "any")))


def _entries(value: Any, name: str, depth: int) -> list[Rule | Test]:
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list")  # noqa: TRY004  # pydantic gathers ValueErrors only
    return [_entry(each, f"{name}[{number}] ", depth) for number, each in enumerate(value)]


def _entry(value: Any, place: str, depth: int) -> Rule | Test:
    if not isinstance(value, Mapping) or len(value) != 1:
        raise ValueError(f"{place}must be one condition, like segment: [enterprise]")
    (field, wanted), *_ = value.items()
    if field in ("all", "any"):
        return _rule(value, place, depth + 1)
    if field not in FIELDS:
        raise ValueError(f"{place}“{field}” is no fact to ask about; there are {', '.join(FIELDS)}"
                         f"{did_you_mean(str(field), FIELDS)}")  # fmt: skip
    return _days(field, wanted, place) if field in DAYS else _words(field, wanted, place)


def _words(field: str, wanted: Any, place: str) -> Test:
    negated = isinstance(wanted, Mapping) and set(wanted) == {"not"}
    said = wanted["not"] if negated else wanted
    words = said if isinstance(said, list) else [said]
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise ValueError(f"{place}{field} must be a word, a list of words, or {{not: [...]}}")
    return Test(field, frozenset(word.strip() for word in words), negated=negated)


def _days(field: str, wanted: Any, place: str) -> Test:
    if not isinstance(wanted, Mapping) or not wanted or set(wanted) - {"at_least", "at_most"}:
        raise ValueError(f"{place}{field} must be {{at_least: 30d}}, {{at_most: 365d}}, or both")
    bounds = {name: span(length) // timedelta(days=1) for name, length in wanted.items()}
    least, most = bounds.get("at_least"), bounds.get("at_most")
    if least is not None and most is not None and least > most:
        raise ValueError(f"{place}{field} cannot be at least {least} days and at most {most}")
    return Test(field, at_least=least, at_most=most)


def asked_of(condition: Rule) -> frozenset[str]:
    """The facts a rule looks at."""
    found: set[str] = set()
    for each in (*condition.all, *condition.any):
        found |= asked_of(each) if isinstance(each, Rule) else {each.field}
    return frozenset(found)


Condition = Annotated[Rule, PlainValidator(rule)]
