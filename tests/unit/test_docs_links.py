"""The documents lead where they say."""

import re
from pathlib import Path

import pytest

from bot.settings.environment import NAMES
from tests.examples import in_use

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_file_the_map_of_the_code_names_is_there() -> None:
    text = (ROOT / "AGENTS.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.[a-z]+)?)`", text)
    places = [ROOT, ROOT / "bot", ROOT / "kpi", ROOT / "tests"]
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


def test_the_readme_names_every_variable_and_every_kpi_in_use() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in text] == []
    assert [key for key in in_use() if f"| `{key}` |" not in text] == []
