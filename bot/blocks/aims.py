"""What is aimed for, in words: for a card and for a terminal. Not escaped."""

from bot.blocks.reader import Reader
from bot.blocks.rows import called
from kpi.services.targets import Aim

COLUMNS = ("KPI", "For", "Target", "From", "Set by", "In force")


def aimed(aim: Aim, reader: Reader) -> str:
    """How much, or none."""
    return "none" if aim.value is None else reader.amount(aim.value, aim.kpi.unit)


def cells(aim: Aim, name: str, reader: Reader) -> tuple[str, ...]:
    """An aim as a line of a table; `name` is what its KPI goes by there."""
    since = reader.day(aim.valid_from) if aim.valid_from else ""
    in_force = "yes" if aim.in_force else ""
    return (name, called(aim.scope) or "all", aimed(aim, reader), since, aim.set_by, in_force)
