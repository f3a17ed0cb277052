"""The people of an account's channel who are no contacts yet, each with the one press that makes them one."""

import json
from collections.abc import Sequence
from typing import Any

from bot.blocks.parts import Block, actions, button, context, escape, fitted, section
from bot.payloads import NOT_OURS, row_id, word
from kpi.errors import KpiError
from kpi.model import Person
from kpi.services.accounts.words import MOST_LISTED, Circle

ADD, ADD_ALL = "add_contact", "add_all_contacts"
SHOWN, NAMED = 20, 20
NAME_CHARS, VALUE_CHARS = 80, 2000


def people_card(circle: Circle) -> dict[str, Any]:
    """A message: who is no contact yet, with a button each and one for all, and who is one."""
    if not circle.is_seen:
        words = f"I do not see who is in {_channel(circle)}. Invite me there, then `/kpi account` lists its people."
        return {"text": words, "blocks": [section(words)]}
    words = _verdict(circle)
    rows = [_row(circle, someone) for someone in circle.strangers[:SHOWN]]
    return {"text": words, "blocks": [section(words), *rows, *_all(circle), *_small_print(circle)]}


def asked(value: str) -> tuple[int, tuple[str, ...]]:
    """The account and the users of a pressed button; KpiError for one that is not ours."""
    try:
        given = json.loads(value)
        return row_id(given["account"]), tuple(word(user) for user in given["users"])
    except (ValueError, TypeError, KeyError) as fault:
        raise KpiError(NOT_OURS) from fault


def added_words(names: Sequence[str]) -> str:
    """What a press did."""
    if not names:
        return "They are contacts already; nothing was changed."
    return f"{escape(', '.join(names[:NAMED]))} {'is a contact' if len(names) == 1 else 'are contacts'} now."


def _verdict(circle: Circle) -> str:
    account, count = f"*{fitted(circle.account.name, 150)}*", len(circle.strangers)
    if not count:
        return f"Everybody from outside in {_channel(circle)} is a contact of {account}."
    who = "1 person from outside is" if count == 1 else f"{count} people from outside are"
    return f"{who} in {_channel(circle)} and no contact of {account} yet. Contacts can be asked by name."


def _row(circle: Circle, someone: Person) -> Block:
    name = fitted(someone.name or someone.user_id, NAME_CHARS)
    guest = " (guest)" if someone.is_guest else ""
    return section(f"{name}{guest} <@{someone.user_id}>", button("Add as contact", ADD, _value(circle, [someone])))


def _all(circle: Circle) -> list[Block]:
    everyone = circle.strangers[:MOST_LISTED]
    while len(_value(circle, everyone)) > VALUE_CHARS:
        everyone = everyone[:-1]
    if len(everyone) < 2:
        return []
    return [actions("all", button(f"Add all {len(everyone)}", ADD_ALL, _value(circle, everyone), "primary"))]


def _small_print(circle: Circle) -> list[Block]:
    names = ", ".join(fitted(name, NAME_CHARS) for name in circle.contacts[:NAMED])
    more = len(circle.contacts) - NAMED
    known = f"Contacts already: {names}{f' and {more} more' if more > 0 else ''}." if names else ""
    rest = len(circle.strangers) - SHOWN
    left = f"And {rest} more, whom the menu in `/kpi account` finds." if rest > 0 else ""
    silent = f"Slack did not tell who {circle.unknown} more are." if circle.unknown else ""
    lines = [line for line in (known, left, silent) if line]
    return [context(*lines)] if lines else []


def _channel(circle: Circle) -> str:
    return f"<#{circle.channel_id}>"


def _value(circle: Circle, people: Sequence[Person]) -> str:
    return json.dumps({"account": circle.account.id, "users": [one.user_id for one in people]}, separators=(",", ":"))
