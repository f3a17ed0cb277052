"""How much of a card fits into a message."""

from collections.abc import Iterable, Sequence

from bot.blocks.grid import TABLE_CHARS, Cell, cells_chars, counted, data_table
from bot.blocks.limits import MESSAGE_CHARS, MOST_BLOCKS, blocks_chars, blocks_count
from bot.blocks.parts import Block
from bot.blocks.rules import MESSAGE

HEARD_CHARS = 3000
"""How much of a card is said in `text`."""
TABLE_ROOM = 12_000
"""What the tables of a card may say together: less than a message takes, so that they stay quick to load on a phone."""


def filled(blocks: Iterable[Block], groups: Iterable[list[Block]], spare: Iterable[Block] = ()) -> list[Block]:
    """`blocks` and as many of the groups, whole and in order, as leave room for `spare`."""
    kept, spare = list(blocks), list(spare)
    for group in groups:
        if not _fits([*kept, *group, *spare]):
            break
        kept += group
    return kept


def table_within(chars: int, caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Block:
    """A table of as many of the rows, from the first, as say so many characters; the caption says of how many.

    Raises ValueError without a row.
    """
    table, count = data_table(caption, columns, rows), len(rows)
    while count > 1 and cells_chars(table["rows"]) > chars:
        count -= max(1, count // 10)
        table = data_table(counted(caption, count, len(rows)), columns, rows[:count])
    return table


def _fits(blocks: Sequence[Block]) -> bool:
    said = sum(cells_chars(block["rows"]) for block in blocks if block["type"] == "data_table")
    return (
        blocks_count(blocks) <= MOST_BLOCKS[MESSAGE] and blocks_chars(blocks) <= MESSAGE_CHARS and said <= TABLE_CHARS
    )
