"""Replicas of kpibot that live under a fate."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bots import Bot, Program, end
from tests.doomed import Fate, live
from tests.forked import Life, forked


def launch(program: Program, fate: Fate, life: Life = live) -> Bot:
    """Start one that leads this life, not waited for."""
    return Bot(forked(life, program.variables(), program.folder, fate))


@contextmanager
def together(program: Program, fate: Fate, count: int, life: Life = live) -> Iterator[list[Bot]]:
    """So many at work; the list may be changed, and whoever is in it at the end is ended."""
    replicas = [launch(program, fate, life) for _ in range(count)]
    try:
        for each in replicas:
            each.listening()
        yield replicas
    finally:
        end(*replicas)
