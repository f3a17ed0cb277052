"""What was changed about an account, told in the form's place and, without figures, in a message."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.blocks.account_form import LABELS, paid_words
from bot.blocks.parts import fitted, plain, section
from bot.blocks.reader import Reader
from kpi.services.accounts.words import Amount, Saved

NAME_CHARS, TEXT_CHARS, MOST_NAMES = 150, 150, 10
_MORE = {"revenue": "Monthly revenue", "contacts": "Contacts", "terms": "Terms"}
_TITLES = {**LABELS, **_MORE}
_NEXT = "Log an interaction with `/kpi log`: its contacts are asked in its channel."
_NO_CHANNEL = "It has no channel yet, so that nobody can be asked."

Pair = tuple[Any, Any]
"""What was, and what is."""


def saved_view(saved: Saved, reader: Reader) -> dict[str, Any]:
    """What stands in the form's place once it is saved."""
    lines = {name: f"*{_TITLES[name]}:* {_WORDS.get(name, _text)(pair, reader)}" for name, pair in _told(saved)}
    few = [line for name, line in lines.items() if name not in _MORE]
    many = [line for name, line in lines.items() if name in _MORE]
    blocks = [section(part) for part in (_verdict(saved), "\n".join(few), "\n".join(many), _next(saved)) if part]
    return {"type": "modal", "title": plain("Saved"), "close": plain("Done"), "blocks": blocks}


def saved_message(saved: Saved) -> dict[str, Any]:
    """The message to whoever saved it. It may stand where others look over a shoulder: no figures."""
    what = ", ".join(_TITLES[name].lower() for name, _ in _told(saved))
    words = _verdict(saved) if saved.is_new else f"{_verdict(saved)} Changed: {what}."
    return {"text": words, "blocks": [section(words)]}


def _told(saved: Saved) -> list[tuple[str, Pair]]:
    """The changes worth a word: that there is a first term is told by its days."""
    return [(name, pair) for name, pair in saved.changes.items() if name != "terms" or pair[0]]


def _verdict(saved: Saved) -> str:
    name = fitted(saved.account.name, NAME_CHARS)
    if saved.is_new:
        return f"*{name}* is set up."
    return f"*{name}* is saved." if saved.changes else f"*{name}* was so already; nothing was changed."


def _next(saved: Saved) -> str:
    if not saved.is_new:
        return ""
    return _NEXT if saved.account.channel_id else _NO_CHANNEL


def _text(pair: Pair, _reader: Reader) -> str:
    before, after = (fitted(str(value), TEXT_CHARS) if value else "" for value in pair)
    return f"{after or 'none'} (was {before})" if before else after


def _channel(pair: Pair, _reader: Reader) -> str:
    return f"<#{pair[1]}>" if pair[1] else "none"


def _day(pair: Pair, reader: Reader) -> str:
    before, after = (reader.day(date.fromisoformat(value)) if value else "" for value in pair)
    return f"{after or 'none'} (was {before})" if before else after


def _terms(pair: Pair, _reader: Reader) -> str:
    return f"{pair[1]}; the earlier ones stay as they were" if pair[0] else str(pair[1])


def _revenue(pair: Pair, reader: Reader) -> str:
    return "; ".join(paid_words(_amount(row), reader) for row in _new(pair)[-MOST_NAMES:])


def _contacts(pair: Pair, _reader: Reader) -> str:
    names = [fitted(row["name"] or row["contact"], 60) for row in _new(pair)]
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _new(pair: Pair) -> list[Mapping[str, Any]]:
    before: Iterable[Any] = pair[0] or ()
    return [row for row in pair[1] if row not in before]


def _amount(row: Mapping[str, Any]) -> Amount:
    ends_on = row["ends_on"] and date.fromisoformat(row["ends_on"])
    return Amount(date.fromisoformat(row["starts_on"]), ends_on, Decimal(row["amount"]), row["currency"])


_WORDS: Mapping[str, Callable[[Pair, Reader], str]] = {
    "channel": _channel,
    **dict.fromkeys(("starts_on", "notice_on", "ends_on"), _day),
    "terms": _terms,
    "revenue": _revenue,
    "contacts": _contacts,
}
