"""What clients write in a sample."""

import pytest

from kpi.model import Instrument
from kpi.sources.sample.comments import CLOSINGS, OPENINGS, TOPICS, band, comment
from kpi.sources.sample.feedback_words import PRAISE, WHYS, WISHES
from kpi.sources.sample.mix import TROUBLES
from kpi.sources.sample.streams import Purpose, stream

LANGUAGES = ("en", "de")


def sentences(language: str) -> list[str]:
    """Every sentence a comment can be made of."""
    rows = [*OPENINGS[language].values(), *TOPICS[language].values(), CLOSINGS[language]]
    return [sentence for row in rows for words in row for sentence in words]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_more_than_sixty_sentences_of_its_own(language: str) -> None:
    found = sentences(language)
    assert len(found) == len(set(found)) > 60
    assert all(len(row) == 3 for row in [*OPENINGS[language].values(), *TOPICS[language].values()])


def test_both_languages_have_the_same_topics_and_no_sentence_in_common() -> None:
    assert set(TOPICS["en"]) == set(TOPICS["de"])
    assert not set(sentences("en")) & set(sentences("de"))
    assert all(len(words["en"]) == len(words["de"]) for words in (WISHES, WHYS, PRAISE))


def test_every_trouble_has_words() -> None:
    assert {trouble.topic for trouble in TROUBLES.values()} <= set(TOPICS["en"])


@pytest.mark.parametrize(
    ("instrument", "bad", "good"), [(Instrument.CSAT, 2, 4), (Instrument.NPS, 6, 9), (Instrument.CES, 3, 5)]
)
def test_good_scores_never_come_with_complaints(instrument: Instrument, bad: int, good: int) -> None:
    assert (band(instrument, bad), band(instrument, good)) == (0, 2)
    complaints = {sentence for row in TOPICS["en"].values() for sentence in row[0]}
    chance = stream(1, Purpose.SURVEYS, 0)
    praise = [comment(chance, "en", (instrument, good), "speed") for _ in range(200)]
    blame = [comment(chance, "en", (instrument, bad), "speed") for _ in range(200)]
    assert not any(sentence in text for text in praise for sentence in complaints)
    assert any(sentence in text for text in blame for sentence in TOPICS["en"]["speed"][0])
    assert not any(sentence in text for text in blame for sentence in TOPICS["en"]["price"][0])
