"""Work that is done for many, where one that fails must not hold up the others."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TypeVar

Thing = TypeVar("Thing")


def one_by_one(work: Callable[[Thing], object], things: Iterable[Thing]) -> None:
    """Do it for each, in order, whatever fails: the failures are raised when all are done."""
    with ExitStack() as each:
        for thing in reversed(list(things)):
            each.callback(work, thing)
