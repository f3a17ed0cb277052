"""Every kind of card, as it was read and found good. `python -m tests.cards` writes them anew."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.blocks.ladder import RUNGS, has_native, lowered
from bot.blocks.limits import faults
from tests.cards import CARDS, FOLDER, written


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_the_one_that_was_read(name: str) -> None:
    assert written(CARDS[name]) == (FOLDER / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CARDS)
def test_a_card_keeps_slacks_limits(name: str) -> None:
    assert faults({key: CARDS[name][key] for key in ("text", "blocks")}) == ()


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("name", CARDS)
def test_a_card_keeps_slacks_limits_and_its_words_on_every_rung(name: str, rung: str) -> None:
    plain = lowered(CARDS[name], rung)
    assert faults({key: plain[key] for key in ("text", "blocks")}) == ()
    assert plain["text"] == CARDS[name]["text"]
    assert rung != "text" or not has_native(plain)


def test_there_is_no_golden_card_without_a_card() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CARDS)


@pytest.mark.parametrize("name", CARDS)
def test_no_card_lets_a_name_or_a_comment_call_or_link_anybody(name: str) -> None:
    for text in (CARDS[name]["text"], *interpreted(CARDS[name]["blocks"])):
        assert "<!" not in text
        assert "<http" not in text


def interpreted(piece: Any) -> Iterator[str]:
    """Every text in which Slack looks for mentions and links; in plain text it does not."""
    if isinstance(piece, dict) and piece.get("type") == "mrkdwn":
        yield piece["text"]
    elif isinstance(piece, dict | list):
        for inner in piece.values() if isinstance(piece, dict) else piece:
            yield from interpreted(inner)
