"""An answer in time is the ack; one that takes longer follows it, in words where it failed."""

from queue import Queue
from threading import Event

import pytest

from bot.blocks.kpi_card import Card
from bot.desk.patience import WORKING, answered
from kpi.errors import KpiError


def test_an_answer_in_time_is_what_is_said() -> None:
    said: Queue[Card] = Queue()
    assert answered(lambda: {"text": "91%"}, said.put) == {"text": "91%"}
    assert said.empty()


def test_one_that_takes_longer_follows() -> None:
    said: Queue[Card] = Queue()
    go_on = Event()

    def slowly() -> Card:
        go_on.wait(10)
        return {"text": "91%"}

    assert answered(slowly, said.put, seconds=0.01) == {"text": WORKING}
    go_on.set()
    assert said.get(timeout=10) == {"text": "91%"}


def test_what_goes_wrong_in_time_is_raised() -> None:
    def wrongly() -> Card:
        raise KpiError("There is no such account.")

    with pytest.raises(KpiError, match="no such account"):
        answered(wrongly, print)


@pytest.mark.parametrize(
    ("fault", "words"), [(KpiError("There is no such account."), "no such account"), (ValueError("x"), "reference")]
)
def test_what_goes_wrong_later_is_told_in_words(fault: Exception, words: str) -> None:
    said: Queue[Card] = Queue()
    go_on = Event()

    def wrongly() -> Card:
        go_on.wait(10)
        raise fault

    assert answered(wrongly, said.put, seconds=0.01) == {"text": WORKING}
    go_on.set()
    assert words in said.get(timeout=10)["text"]
