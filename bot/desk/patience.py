"""Waiting for an answer no longer than Slack waits for the ack: one that takes longer follows it."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread

from bot.blocks.kpi_card import Card
from bot.errors import words_for

SECONDS = 1.5
WORKING = "This takes a moment; the answer follows here."


def answered(work: Callable[[], Card], later: Callable[[Card], None], seconds: float = SECONDS) -> Card:
    """The card, or, where it takes longer than so many seconds, a word of patience; `later` then gets the card.

    What goes wrong in time is raised; what goes wrong later is told in words.
    """
    working = _begun(work)
    if wait([working], timeout=seconds).done:
        return working.result()
    working.add_done_callback(lambda done: later(_card_of(done)))
    return {"text": WORKING}


def _begun(work: Callable[[], Card]) -> "Future[Card]":
    """The work in a thread of its own, which does not hold up the program's end."""
    future = Future[Card]()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as fault:  # noqa: BLE001 raised again, or told, where the result is asked for
            future.set_exception(fault)

    Thread(target=run, daemon=True).start()
    return future


def _card_of(done: "Future[Card]") -> Card:
    fault = done.exception()
    return {"text": words_for(fault)} if fault else done.result()
