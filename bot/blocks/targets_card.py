"""What the workspace aims for, now, before and from some day on."""

from collections.abc import Sequence

from bot.blocks import aims
from bot.blocks.findings import whose
from bot.blocks.kpi_card import Card
from bot.blocks.parts import fitted, section, trim
from bot.blocks.reader import Reader
from bot.blocks.room import HEARD_CHARS, TABLE_ROOM, table_within
from kpi.services.targets import Aim

_SAID = 5
_NOTHING = "Nothing is aimed for yet: a KPI has a target once somebody has set one."


def targets_card(found: Sequence[Aim], reader: Reader) -> Card:
    """What is in force in a sentence, then all of it in a table, what is in force first."""
    if not found:
        return {"text": _NOTHING, "blocks": [section(_NOTHING)]}
    current = [aim for aim in found if aim.in_force and aim.value is not None]
    more = f"; and {len(current) - _SAID} more" if len(current) > _SAID else ""
    named = "; ".join(_said(aim, reader) for aim in current[:_SAID])
    said = f"*What you aim for:* {named}{more}." if current else "*What you aim for:* nothing at present."
    in_order = sorted(found, key=lambda aim: not aim.in_force)
    rows = [aims.cells(aim, aim.kpi.label, reader) for aim in in_order]
    table = table_within(TABLE_ROOM, "Targets, those in force first", aims.COLUMNS, rows)
    heard = "; ".join(_said(aim, reader) for aim in current)
    return {
        "text": trim(f"What you aim for: {heard or 'nothing at present'}.", HEARD_CHARS),
        "blocks": [section(said), table],
    }


def _said(aim: Aim, reader: Reader) -> str:
    bound = "at least" if aim.kpi.better == "up" else "at most"
    return f"{fitted(aim.kpi.label, 60)}{whose(aim.scope)} {bound} {aims.aimed(aim, reader)}"
