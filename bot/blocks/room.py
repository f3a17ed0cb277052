"""How much of a card fits into a message."""

from collections.abc import Iterable, Sequence

from bot.blocks.grid import Cell, counted, data_table
from bot.blocks.limits import MESSAGE_CHARS, MOST_BLOCKS, blocks_chars
from bot.blocks.parts import Block
from bot.blocks.rules import MESSAGE

HEARD_CHARS = 3000
"""How much of a card is said in `text`."""
TABLE_ROOM = 10_000
"""What a table may take, so that a sentence, buttons and a preview's row fit beside it."""


def filled(blocks: Iterable[Block], groups: Iterable[list[Block]], spare: Iterable[Block] = ()) -> list[Block]:
    """`blocks` and as many of the groups, whole and in order, as leave room for `spare`."""
    kept, spare = list(blocks), list(spare)
    for group in groups:
        whole = [*kept, *group, *spare]
        if len(whole) > MOST_BLOCKS[MESSAGE] or blocks_chars(whole) > MESSAGE_CHARS:
            break
        kept += group
    return kept


def table_within(chars: int, caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Block:
    """A table of as many of the rows, from the first, as take at most so many characters; the caption says of how many.

    Raises ValueError without a row.
    """
    count = len(rows)
    while True:
        table = data_table(counted(caption, count, len(rows)), columns, rows[:count])
        if count <= 1 or blocks_chars([table]) <= chars:
            return table
        count -= max(1, count // 10)
