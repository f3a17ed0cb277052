"""Slack's limits as tables: what each block and element may hold. A check yields what is wrong with a piece."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Piece = Mapping[str, Any]
Check = Callable[[Piece], Iterator[str]]

MESSAGE, MODAL, HOME = "message", "modal", "home"
ANYWHERE = (MESSAGE, MODAL, HOME)
IDS = ("block_id", "action_id", "callback_id", "external_id")


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a block may stand, and what must hold of it."""

    surfaces: tuple[str, ...]
    checks: tuple[Check, ...] = ()


def chars(field: str, most: int, *, required: bool = False) -> Check:
    """A bare string of at most `most` characters."""

    def check(piece: Piece) -> Iterator[str]:
        words = piece.get(field)
        if words is None:
            if required:
                yield f"{field} is missing"
        elif not isinstance(words, str):
            yield f"{field} is not text"
        elif len(words) > most:
            yield f"{field} has {len(words)} characters, at most {most}"
        elif required and not words:
            yield f"{field} is empty"

    return check


def text(field: str, most: int, *, required: bool = False, plain: bool = True) -> Check:
    """A text object of 1 to `most` characters; `plain`: mrkdwn is not allowed."""
    allowed = ("plain_text",) if plain else ("plain_text", "mrkdwn")

    def check(piece: Piece) -> Iterator[str]:
        found = piece.get(field)
        if found is None:
            if required:
                yield f"{field} is missing"
        elif not isinstance(found, Mapping) or found.get("type") not in allowed:
            yield f"{field} is not a text object of type {' or '.join(allowed)}"
        else:
            yield from (f"{field}: {fault}" for fault in chars("text", most, required=True)(found))

    return check


def several(field: str, least: int, most: int, each: Check) -> Check:
    """A list of so many pieces, each of which passes."""

    def check(piece: Piece) -> Iterator[str]:
        found = piece.get(field)
        if not isinstance(found, list):
            yield f"{field} is not a list"
        elif not least <= len(found) <= most:
            yield f"{field} has {len(found)} entries, allowed are {least} to {most}"
        else:
            yield from (f"{field}[{i}]: {fault}" for i, inner in enumerate(found) for fault in inside(each, inner))

    return check


def one(field: str, each: Check, *, required: bool = False) -> Check:
    """A piece inside a piece."""

    def check(piece: Piece) -> Iterator[str]:
        found = piece.get(field)
        if found is not None:
            yield from (f"{field}: {fault}" for fault in inside(each, found))
        elif required:
            yield f"{field} is missing"

    return check


def inside(check: Check, found: object) -> Iterator[str]:
    """The check of something that ought to be a piece."""
    return check(found) if isinstance(found, Mapping) else iter(("is not an object",))


def every(*checks: Check) -> Check:
    """All of the checks."""
    return lambda piece: (fault for check in checks for fault in check(piece))


def optional(field: str, check: Check) -> Check:
    """The check, where the field is there."""
    return lambda piece: check(piece) if field in piece else iter(())


def confirmation(piece: Piece) -> Iterator[str]:
    """The dialog before an action."""
    yield from text("title", 100, required=True)(piece)
    yield from text("text", 300, required=True, plain=False)(piece)
    yield from text("confirm", 30, required=True)(piece)
    yield from text("deny", 30, required=True)(piece)


def element(piece: Piece) -> Iterator[str]:
    """A button, a menu or a field."""
    checks = ELEMENTS.get(str(piece.get("type")))
    if checks is None:
        yield f"there is no element {piece.get('type')!r}"
        return
    for check in (*(chars(name, 255) for name in IDS), *checks):
        yield from check(piece)


def small_print(piece: Piece) -> Iterator[str]:
    """One element of a context block: a text object, or an image."""
    if piece.get("type") == "image":
        return element(piece)
    return text("it", 3000, plain=False)({"it": piece})


def fieldtext(piece: Piece) -> Iterator[str]:
    """One field of a section."""
    return text("it", 2000, plain=False)({"it": piece})


OPTION = every(text("text", 75, required=True, plain=False), chars("value", 150), text("description", 75, plain=False))
OPTIONS = optional("options", several("options", 1, 100, OPTION))
GROUP = every(text("label", 75, required=True), several("options", 1, 100, OPTION))
GROUPS = optional("option_groups", several("option_groups", 1, 100, GROUP))
CHOICES = several("options", 1, 10, OPTION)
PLACEHOLDER = text("placeholder", 150)
CONFIRM = one("confirm", confirmation)
IMAGE = (chars("image_url", 3000), chars("alt_text", 2000, required=True))
BUTTON = (
    *(text("text", 75, required=True), chars("value", 2000), chars("url", 3000)),
    *(chars("accessibility_label", 75), CONFIRM),
)

ELEMENTS: Mapping[str, tuple[Check, ...]] = {
    "button": BUTTON,
    "image": IMAGE,
    "static_select": (PLACEHOLDER, OPTIONS, GROUPS, CONFIRM),
    "external_select": (PLACEHOLDER, CONFIRM),
    "multi_static_select": (PLACEHOLDER, OPTIONS, GROUPS, CONFIRM),
    "multi_external_select": (PLACEHOLDER, CONFIRM),
    "users_select": (PLACEHOLDER, CONFIRM),
    "conversations_select": (PLACEHOLDER, CONFIRM),
    "channels_select": (PLACEHOLDER, CONFIRM),
    "overflow": (several("options", 1, 5, OPTION), CONFIRM),
    "radio_buttons": (CHOICES, CONFIRM),
    "checkboxes": (CHOICES, CONFIRM),
    "datepicker": (PLACEHOLDER, CONFIRM),
    "timepicker": (PLACEHOLDER, CONFIRM),
    "datetimepicker": (CONFIRM,),
    "number_input": (PLACEHOLDER,),
    "plain_text_input": (PLACEHOLDER, chars("initial_value", 3000)),
}

BLOCKS: Mapping[str, Rule] = {
    "section": Rule(
        ANYWHERE,
        (
            text("text", 3000, plain=False),
            optional("fields", several("fields", 1, 10, fieldtext)),
            one("accessory", element),
        ),
    ),
    "actions": Rule(ANYWHERE, (several("elements", 1, 25, element),)),
    "context": Rule(ANYWHERE, (several("elements", 1, 10, small_print),)),
    "header": Rule(ANYWHERE, (text("text", 150, required=True),)),
    "divider": Rule(ANYWHERE),
    "image": Rule(ANYWHERE, (*IMAGE, text("title", 2000))),
    "input": Rule(
        ANYWHERE,
        (text("label", 2000, required=True), text("hint", 2000), one("element", element, required=True)),
    ),
    "markdown": Rule((MESSAGE,), (chars("text", 12_000, required=True),)),
    "alert": Rule((MODAL,), (text("text", 200, required=True, plain=False),)),
}
"""The blocks this product uses; one of another kind is a fault until its limits stand here."""
