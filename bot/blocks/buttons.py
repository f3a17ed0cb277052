"""The buttons under an answer. Each carries the words that ask the next question: a tap is the same as typing them."""

from bot.blocks.parts import Block, actions, button
from kpi.model import Scope

EXPLAIN, TREND, BY, SHARE = "kpi_ask:explain", "kpi_ask:trend", "kpi_ask:by", "kpi_share"
VALUE_CHARS = 2000
_NEXT_GROUP = {"workspace": "segment", "owner": "segment", "segment": "account"}
"""What the accounts of a scope are looked at by next; one account has nothing below it."""


def explain(question: str) -> Block:
    """Asks why."""
    return button("Explain", EXPLAIN, f"explain {question}")


def trend(question: str) -> Block:
    """Asks how it came to this."""
    return button("Trend", TREND, f"trend {question}")


def by(question: str, group: str) -> Block:
    """Asks for each segment, owner or account."""
    return button(f"By {group}", BY, f"by {group} {question}")


def broken_down(question: str, scope: Scope) -> tuple[Block, ...]:
    """The button that breaks a scope's value down, if it can be."""
    group = _NEXT_GROUP.get(scope.kind)
    return (by(question, group),) if group else ()


def beneath(words: str, *others: Block) -> list[Block]:
    """A row of the others and one that shares what `words` ask for; none without words, as in what was shared."""
    shown = [each for each in (*others, button("Share", SHARE, f"share {words}")) if len(each["value"]) <= VALUE_CHARS]
    return [actions("kpi_next", *shown)] if words and shown else []
