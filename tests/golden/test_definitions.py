"""A shipped definition that changes gets a new version, so that figures of before stay what they are."""

from dataclasses import replace

from tests.definitions import digests, faults, shipped, written


def test_every_shipped_definition_is_the_one_its_version_was_written_down_with() -> None:
    assert faults(written(), shipped()) == []


def test_a_changed_formula_without_a_new_version_would_be_found() -> None:
    definitions = {"csat": replace(shipped()["csat"], formula="100 · answers of 5 / all answers")}
    assert faults(written(), definitions) == ["csat: is defined otherwise; raise definition_version above 1"]


def test_a_raised_version_asks_to_be_written_down_and_leaves_the_old_one_there() -> None:
    definitions = {"nps": replace(shipped()["nps"], min_n=8, definition_version=2)}
    assert faults(written(), definitions) == ["nps: version 2 is not written down; run python -m tests.definitions"]
    both = {"nps": {**digests(definitions)["nps"], **written()["nps"]}}
    assert faults(both, definitions) == faults(both, {"nps": shipped()["nps"]}) == []
