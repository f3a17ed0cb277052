"""A question back: which Acme was meant, which word was. Each answer is one tap."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.buttons import VALUE_CHARS
from bot.blocks.kpi_card import Card
from bot.blocks.menus import menu, option
from bot.blocks.parts import Block, actions, button, fitted, plain, section

CHOICE = "kpi_ask:choice"
_MOST_BUTTONS, _MOST_OPTIONS, _OPTION_CHARS = 5, 100, 150
_HEARD_CHARS = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen, as people call it, and the words that ask for it."""

    label: str
    words: str


def choice_card(message: str, choices: Sequence[Choice]) -> Card:
    """The question and its answers: buttons for a handful, a menu for more; one whose words do not fit is left out."""
    asked = section(fitted(message, 3000))
    heard = "; ".join(fitted(choice.label, _HEARD_CHARS) for choice in choices)
    return {"text": f"{fitted(message, 3000)} {heard}".rstrip(), "blocks": [asked, *_answers(choices)]}


def choice_menu(choices: Sequence[Choice], placeholder: str) -> list[Block]:
    """A menu of what can be chosen, nothing where none of it fits."""
    fitting = [choice for choice in choices if len(choice.words) <= _OPTION_CHARS][:_MOST_OPTIONS]
    entries = [option(choice.label, choice.words) for choice in fitting]
    return [actions("kpi_choices", menu(CHOICE, entries) | {"placeholder": plain(placeholder)})] if entries else []


def _answers(choices: Sequence[Choice]) -> list[Block]:
    if len(choices) > _MOST_BUTTONS:
        return choice_menu(choices, "Choose one")
    fitting = [choice for choice in choices if len(choice.words) <= VALUE_CHARS]
    buttons = [button(each.label, f"{CHOICE}:{number}", each.words) for number, each in enumerate(fitting, 1)]
    return [actions("kpi_choices", *buttons)] if buttons else []
