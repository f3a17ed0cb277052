"""Post the digests that have fallen due."""

from contextlib import ExitStack
from functools import partial

from bot.blocks.digest import digest_card
from bot.blocks.reader import Reader
from kpi.services.digests import Digests


def run(digests: Digests, reader: Reader) -> None:
    """Queue every digest that is due; twice, late or after a crash changes nothing.

    One that fails does not hold up the others: its failure is raised when they are done, and the next tick tries again.
    """
    render = partial(digest_card, reader=reader)
    with ExitStack() as each:
        for subscription_id in reversed(digests.due()):
            each.callback(digests.post, subscription_id, render)
