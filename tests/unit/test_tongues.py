"""What clients read around a question: every language has all of it, fills in the same fields and fits its place."""

from collections.abc import Iterator
from dataclasses import fields
from string import Formatter

import pytest

from bot.tongues import LANGUAGES, spoken
from bot.tongues.en import ENGLISH
from bot.tongues.spoken import Spoken

TITLES = ("title", "send", "close")
BUTTONS = ("add_comment", "less", "stop", "undo")
SPOKEN = pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)


def texts(words: Spoken) -> Iterator[tuple[str, str]]:
    for field in fields(words):
        said = getattr(words, field.name)
        if isinstance(said, str):
            yield field.name, said
    yield from ((f"tags.{tag}", name) for tag, name in words.tags.items())


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_nine_languages_are_spoken_each_under_its_own_code() -> None:
    assert list(LANGUAGES) == ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja"]


@pytest.mark.parametrize(
    ("locale", "language"), [("fr-CA", "fr"), ("PT-br", "pt"), ("sv", "en"), (None, "en"), ("", "en")]
)
def test_a_language_is_spoken_whatever_the_country_and_english_where_we_have_none(
    locale: str | None, language: str
) -> None:
    assert spoken(locale).language == language


@SPOKEN
def test_every_language_has_all_words_without_space_around_them(words: Spoken) -> None:
    assert [name for name, said in texts(words) if not said or said != said.strip()] == []


@SPOKEN
def test_every_language_fills_in_the_fields_english_fills_in(words: Spoken) -> None:
    english = dict(texts(ENGLISH))
    assert [name for name, said in texts(words) if filled_in(said) != filled_in(english[name])] == []


@SPOKEN
def test_titles_buttons_and_tags_fit_where_slack_shows_them(words: Spoken) -> None:
    assert {name: getattr(words, name) for name in TITLES if len(getattr(words, name)) > 24} == {}
    assert {name: getattr(words, name) for name in BUTTONS if len(getattr(words, name)) > 30} == {}
    assert {tag: name for tag, name in words.tags.items() if len(name) > 30} == {}


@SPOKEN
def test_every_language_has_names_for_the_same_tags_all_different(words: Spoken) -> None:
    assert list(words.tags) == list(ENGLISH.tags)
    assert len(set(words.tags.values())) == len(words.tags)


@SPOKEN
def test_nothing_but_names_of_things_is_left_in_english(words: Spoken) -> None:
    english = dict(texts(ENGLISH))
    same = {name for name, said in texts(words) if said == english[name] and not name.startswith("tags.")}
    assert words is ENGLISH or same == set()


@SPOKEN
def test_no_language_shouts(words: Spoken) -> None:
    assert [name for name, said in texts(words) if said.count("!") > 1 or "!!" in said] == []


@SPOKEN
def test_a_mark_never_begins_a_line_of_its_own(words: Spoken) -> None:
    assert [name for name, said in texts(words) if any(f" {mark}" in said for mark in "?!:;»")] == []
