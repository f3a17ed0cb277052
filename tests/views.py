"""The tables of docs/bi.md, made from the comments of the views: `python -m tests.views` writes them into the page."""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import NullPool, create_engine

from bot.embedded import running
from kpi.store.schema import migrate
from tests.analyst import VIEWS, Row

PAGE = Path(__file__).parents[1] / "docs" / "bi.md"
BEGIN, END = "<!-- views: made by python -m tests.views -->\n", "<!-- end of views -->"
_WHOLE = dict.fromkeys(("bigint", "integer", "smallint"), "whole number")
_TYPES = {
    **_WHOLE,
    "double precision": "number",
    "numeric": "decimal",
    "date": "day",
    "timestamp with time zone": "instant",
    "boolean": "yes or no",
}


def tables(columns: Iterable[Row]) -> str:
    """Every view with its columns, as the catalog describes them."""
    return "\n".join(
        line for view, rows in groupby(columns, lambda row: str(row["view"])) for line in _view(view, rows)
    )


def written_into(page: str, columns: Iterable[Row]) -> str:
    """The page with the tables in their place."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{tables(columns)}\n{END}{rest.partition(END)[2]}"


def _view(view: str, rows: Iterable[Row]) -> Iterator[str]:
    columns = list(rows)
    yield from (f"### reporting.{view}", "", columns[0]["about"], "", "| column | kind | holds |", "|---|---|---|")
    for row in columns:
        yield f"| `{row['column']}` | {_TYPES.get(row['type'], row['type'])} | {row['holds']} |"
    yield ""


def _columns() -> list[Row]:
    """From a new database of this version."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "data", durable=False) as url:
        engine = create_engine(url, poolclass=NullPool)
        migrate(engine)
        with psycopg.connect(url, row_factory=dict_row) as connection:
            return connection.execute(VIEWS).fetchall()


if __name__ == "__main__":
    PAGE.write_text(written_into(PAGE.read_text(encoding="utf-8"), _columns()), encoding="utf-8")
