"""Every story of the page has its test, and the other way round."""

import re

from tests.bots import ROOT

ROW = re.compile(r"^\| (\d\d) \|", re.MULTILINE)
TEST = re.compile(r"^def test_story_(\d\d)_", re.MULTILINE)


def test_each_of_the_nineteen_stories_is_told_by_a_test_of_its_number() -> None:
    told = ROW.findall((ROOT / "docs/stories.md").read_text())
    tested = {number for file in (ROOT / "tests").rglob("test_*.py") for number in TEST.findall(file.read_text())}
    assert told == sorted(tested) == [f"{number:02}" for number in range(1, 20)]
