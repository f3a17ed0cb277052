"""What the programmes would have asked, as a table in Slack."""

from bot.blocks import rehearsed
from bot.blocks.kpi_card import Card
from bot.blocks.parts import context, fitted, section, trim
from bot.blocks.reader import Reader
from bot.blocks.room import HEARD_CHARS, TABLE_ROOM, filled, table_within
from kpi.services.surveys.rehearsal import Rehearsed

_REASONS = 12


def rehearsed_card(found: Rehearsed, by: str, reader: Reader) -> Card:
    """The whole in a sentence, a table, and every reason."""
    said = rehearsed.sentence(found, reader)
    rows = [[trim(name, 80), *cells] for name, *cells in rehearsed.rows(found, by, reader)]
    columns = (by.capitalize(), *rehearsed.COLUMNS)
    table = [table_within(TABLE_ROOM, f"By {by}, those asked most first", columns, rows)] if rows else []
    reasons = list(rehearsed.reasons(found, reader))[:_REASONS]
    listed = [[section("\n".join(f"• {fitted(line, 200)}" for line in reasons))]] if reasons else []
    small = context("The rules of today over the interactions of then; nothing was asked and nothing is stored.")
    blocks = filled([section(said), *table], listed, spare=[small])
    return {"text": trim(" ".join([said, *reasons]), HEARD_CHARS), "blocks": [*blocks, small]}
