"""The programmes of surveys.yaml: every mistake is one sentence with its place."""

import pytest

from tests.configured import Folder

ONE_FAULT = [
    *(
        (f"programmes: {{after_contact: {{{said}}}}}", f"programmes.after_contact{fault}")
        for said, fault in (
            ("expiry: 5m", '.expiry: "5m" must be at least 1h, or nobody could answer'),
            ("delay: 31d", '.delay: "31d" must not be longer than 30 days'),
            ("after: [call, call]", '.after[2]: "call" is listed twice'),
            (
                "after: []",
                ": must say either after which interactions it asks (after: [meeting]), or how often (every: 90d)",
            ),
            (
                "every: 90d",
                ": must say either after which interactions it asks (after: [meeting]), or how often (every: 90d)",
            ),
            ("before_renewal: 9d", '.before_renewal: "9d" belongs to a programme by the calendar; add every'),
            ("sample: 2", '.sample: "2" must lie between 0 and 1; 70 percent is 0.70'),
            ("never_on: [mon-sun]", ".never_on: leaves no day to ask on"),
            (
                "tags: [weather]",
                '.tags[1]: "weather" is not a tag there are words for; there are communication, '
                "quality, speed, expertise, price, results",
            ),
            (
                "anonymous: true",
                '.anonymous: "true" needs places: [thread]; anywhere else somebody is asked by name',
            ),
            ("when: {segment: a}", ".when: must be {all: [...]} or {any: [...]}, or both"),
            (
                "when: {all: [{sgment: a}]}",
                ".when: all[0] “sgment” is no fact to ask about; there are kind, tag, "
                "account, segment, plan, language, owner, contact, term_age; did you mean segment?",
            ),
            (
                "when: {any: [{term_age: 3}]}",
                ".when: any[0] term_age must be {at_least: 30d}, {at_most: 365d}, or both",
            ),
            (
                "when: {all: [{term_age: {at_least: 9d, at_most: 8d}}]}",
                ".when: all[0] term_age cannot be at least 9 days and at most 8",
            ),
            ("when: {all: [{plan: []}]}", ".when: all[0] plan must be a word, a list of words, or {not: [...]}"),
        )
    ),
    (
        "programmes: {Mine: {instrument: csat, after: [call]}}",
        '"programmes.Mine" must be one word in small letters, as in after_contact',
    ),
    ("programmes: {relationship: {every: 1d}}", 'programmes.relationship.every: "1d" must be at least 7d'),
]


@pytest.mark.parametrize(("text", "sentence"), ONE_FAULT, ids=[each[0][:70] for each in ONE_FAULT])
def test_a_mistake_in_a_programme_is_one_sentence_with_its_place(folder: Folder, text: str, sentence: str) -> None:
    folder.write(surveys=f"# line one\n{text}\n")

    assert folder.faults() == [f"config/surveys.yaml:2: {sentence}"]
