"""The page about importing names every file and column as the code has them."""

from kpi.records.catalog import ENTITIES
from tests.columns import PAGE, written_into


def test_the_page_lists_the_columns_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written_into(page) == page, "python -m tests.columns writes them anew"


def test_every_file_has_its_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for entity in ENTITIES:
        section = page.partition(f"### {entity.name}.csv\n")[2].partition("\n###")[0]
        assert [name for name in entity.names if f"| `{name}` |" not in section] == []
