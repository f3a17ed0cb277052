"""The windows and messages about accounts, as they were read. `python -m tests.forms` writes them anew."""

import pytest

from bot.blocks.limits import faults
from tests.cards import written
from tests.forms import FOLDER, FORMS


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_the_one_that_was_read(name: str) -> None:
    assert written(FORMS[name]) == (FOLDER / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FORMS)
def test_a_form_keeps_slacks_limits(name: str) -> None:
    assert faults(FORMS[name]) == ()


def test_there_is_no_golden_form_without_a_form() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FORMS)


@pytest.mark.parametrize("name", sorted({*FORMS} - {"account_full"}))
def test_nobodys_words_call_or_link_anybody(name: str) -> None:
    text = written(FORMS[name])
    assert "<!" not in text
    assert "<http" not in text
