"""Somebody answered whom nobody knows: one press says who they are."""

import json
from typing import Any

from bot.blocks.parts import actions, button, context, fitted, section
from bot.payloads import NOT_OURS, row_id, word
from kpi.errors import KpiError
from kpi.services.surveys.words import Stranger

MAP, NEW, DISCARD = "stranger_map_", "stranger_new", "stranger_discard"
NAME_CHARS, BUTTON_CHARS = 150, 60


def stranger_card(who: Stranger) -> dict[str, Any]:
    """The message to the account's manager: whom they might be, by name, and the ways to decide."""
    name, account = fitted(who.name or who.user_id, NAME_CHARS), fitted(who.account.name, NAME_CHARS)
    words = f"*{name}* <@{who.user_id}> answered a question to *{account}*, and is no contact of theirs. Who is it?"
    known = [
        button(f"It is {fitted(contact.name, BUTTON_CHARS)}", f"{MAP}{contact.id}", _value(who, contact.id))
        for contact in who.alike
    ]
    new = button("A new contact of theirs", NEW, _value(who, None))
    none = button("No client of ours", DISCARD, _value(who, None))
    small = "Their answer is stored, and counts once you said who it is. Names are compared, never e-mail addresses."
    return {"text": words, "blocks": [section(words), actions("stranger", *known, new, none), context(small)]}


def decided(value: str) -> tuple[tuple[int, str, str], int | None]:
    """The account, user and organisation of a pressed button, and the contact it means; KpiError for one not ours."""
    try:
        given = json.loads(value)
        contact, user, team = given["contact"], word(given["user"]), word(given["team"])
        place = (row_id(given["account"]), user, team)
    except (ValueError, TypeError, KeyError) as fault:
        raise KpiError(NOT_OURS) from fault
    if not user:
        raise KpiError(NOT_OURS)
    return place, None if contact is None else row_id(contact)


def counted_words(count: int) -> str:
    """What a press did."""
    answers = "1 answer counts" if count == 1 else f"{count} answers count"
    return f"Thank you, I know them from now on. {answers} now." if count else "Thank you, I know them from now on."


def discarded_words(count: int) -> str:
    """What a press did."""
    return f"Understood: {'1 answer is' if count == 1 else f'{count} answers are'} kept aside and counted nowhere."


def _value(who: Stranger, contact_id: int | None) -> str:
    given = {"account": who.account.id, "user": who.user_id, "team": who.team_id, "contact": contact_id}
    return json.dumps(given, separators=(",", ":"))
