"""What the desk hands over the counter."""

from dataclasses import dataclass

from bot.blocks.kpi_card import Card
from bot.pictures import Line


@dataclass(frozen=True, slots=True)
class Reply:
    """A card, and a line that Slack cannot draw itself, where there is one: its picture follows.

    `is_choice`: it asks back what was meant, and answers nothing.
    """

    card: Card
    line: Line | None = None
    is_choice: bool = False
