"""The tables of docs/import.md, made from kpi/records: `python -m tests.columns` writes them into the page."""

from collections.abc import Iterator
from pathlib import Path

from kpi.records.catalog import ENTITIES
from kpi.records.entity import Column, Entity
from kpi.records.kinds import KEY

PAGE = Path(__file__).parents[1] / "docs" / "import.md"
BEGIN, END = "<!-- columns: made by python -m tests.columns -->\n", "<!-- end of columns -->"


def tables() -> str:
    """Every file with its columns."""
    return "\n".join(line for entity in ENTITIES for line in _file(entity))


def written_into(page: str) -> str:
    """The page with the tables in their place."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{tables()}\n{END}{rest.partition(END)[2]}"


def _file(entity: Entity) -> Iterator[str]:
    keys = ", ".join(f"`{name}`" for name in entity.key)
    yield from (f"### {entity.name}.csv", "", f"{entity.doc} Key: {keys}.", "")
    yield from ("| column | kind | | holds | example |", "|---|---|---|---|---|")
    for column in entity.columns:
        example = f"`{column.example}`" if column.example else ""
        yield f"| `{column.name}` | {_kind(column, entity)} | {_need(column)} | {column.doc} | {example} |"
    yield ""


def _kind(column: Column, entity: Entity) -> str:
    if column.names:
        return f"key of {column.names}"
    return "one line" if column.kind is KEY and column.name not in entity.key else column.kind.name


def _need(column: Column) -> str:
    if column.required:
        return "filled in"
    return "needed" if column.stated else ""


if __name__ == "__main__":
    PAGE.write_text(written_into(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
