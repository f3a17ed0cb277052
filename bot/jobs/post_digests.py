"""Post the digests that have fallen due."""

from functools import partial

from bot.blocks.digest import digest_card
from bot.blocks.reader import Reader
from kpi.services.digests import Digests


def run(digests: Digests, reader: Reader) -> None:
    """Queue every digest that is due; twice, late or after a crash changes nothing."""
    for subscription_id in digests.due():
        digests.post(subscription_id, partial(digest_card, reader=reader))
