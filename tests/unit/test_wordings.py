"""The questions as shipped: every language has every scale, of the same form, and what a change of one requires."""

import pytest

from bot.tongues import LANGUAGES
from kpi.model import Instrument
from kpi.policy import Wording
from tests import wordings
from tests.configured import Folder

SHIPPED = wordings.shipped()
WORDINGS = pytest.mark.parametrize(("asked", "wording"), SHIPPED.items(), ids=["-".join(asked) for asked in SHIPPED])
ALL = "".join(f"    {language}: {{version: own-{language}, series: 2}}\n" for language in LANGUAGES)


def test_every_instrument_is_asked_in_every_language_there_are_words_for() -> None:
    assert set(SHIPPED) == {(instrument, language) for instrument in Instrument for language in LANGUAGES}


@WORDINGS
def test_a_scale_has_the_form_of_its_instrument(asked: tuple[Instrument, str], wording: Wording) -> None:
    instrument, language = asked
    english = SHIPPED[instrument, "en"]
    assert len(wording.labels) == len(english.labels) == (0 if instrument is Instrument.NPS else len(instrument.scale))
    named = wording.labels or (wording.low_label, wording.high_label)
    assert len(set(named)) == len(named), "each point has a name of its own"
    assert (wording.version, wording.series) == (f"{instrument}-{language}-1", 1)


@WORDINGS
def test_what_is_asked_after_a_score_depends_on_it(asked: tuple[Instrument, str], wording: Wording) -> None:
    instrument, _ = asked
    questions = [wording.reason_for(instrument, score) for score in instrument.scale]
    assert list(wording.reasons) == ["low", "middle", "high"]
    assert set(questions) == set(wording.reasons.values())
    assert len(set(questions)) == 3
    assert max(map(len, [*questions, wording.comment_prompt])) <= 150


@WORDINGS
def test_a_wording_is_in_its_own_language_and_shows_no_pictures(
    asked: tuple[Instrument, str], wording: Wording
) -> None:
    instrument, language = asked
    english = SHIPPED[instrument, "en"]
    said = [wording.question, wording.low_label, wording.high_label, *wording.labels, *wording.reasons.values()]
    meant = [english.question, english.low_label, english.high_label, *english.labels, *english.reasons.values()]
    assert language == "en" or not set(said) & set(meant)
    assert [character for text in said for character in text if ord(character) > 0xFFFF] == []
    assert [text for text in said if any(f" {mark}" in text for mark in "?!:;»")] == [], "a mark on a line of its own"


def test_the_page_about_wordings_shows_what_is_asked_and_says_how_each_language_was_reviewed() -> None:
    page = wordings.PAGE.read_text(encoding="utf-8")
    assert page == wordings.written_into(page), "python -m tests.wordings"
    assert list(wordings.NAMES) == list(LANGUAGES)
    notes = page.partition("how it reads in English again")[2]
    assert [name for name in wordings.NAMES.values() if f"\n| {name} |" not in notes] == []


@pytest.mark.parametrize("changed", ["thanks: Many thanks", "comment_prompt: And why", "reasons: {low: Why so low}"])
def test_words_that_come_after_the_score_need_no_new_version(folder: Folder, changed: str) -> None:
    folder.write(surveys=f"wordings: {{csat: {{en: {{{changed}}}}}}}\n")
    assert folder.load().policy.surveys.wordings[Instrument.CSAT, "en"] != SHIPPED[Instrument.CSAT, "en"]


@pytest.mark.parametrize("changed", ["question: How happy are you", "labels: [Bad, Poor, Fair, Good, Great]"])
def test_a_question_or_a_scale_that_changes_needs_a_new_version(folder: Folder, changed: str) -> None:
    folder.write(surveys=f"wordings: {{csat: {{en: {{{changed}}}}}}}\n")
    assert folder.faults() == [
        "config/surveys.yaml:1: wordings.csat.en: has new words; give it a version other than csat-en-1"
    ]


def test_a_new_series_needs_a_new_version_and_all_languages(folder: Folder) -> None:
    folder.write(surveys="wordings:\n  nps:\n    en: {version: own, series: 2}\n")
    assert folder.faults() == [
        'config/surveys.yaml:3: wordings.nps.en.series: "2" must be the same in every language of nps;'
        " de, fr, es, pt, it, nl, pl, ja would not count any more"
    ]
    folder.write(surveys=f"wordings:\n  nps:\n{ALL.replace('version: own-ja, ', '')}")
    assert folder.faults() == [
        "config/surveys.yaml:11: wordings.nps.ja: has new words; give it a version other than nps-ja-1"
    ]
    folder.write(surveys=f"wordings:\n  nps:\n{ALL}")
    known = folder.load().policy.surveys.wordings
    assert {known[Instrument.NPS, language].series for language in LANGUAGES} == {2}
