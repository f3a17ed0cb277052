"""What was put right goes out and comes in like everything else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from kpi.services.exports import Exports, Manner
from kpi.services.intake import Fate, Mode
from kpi.sources.csv_files import Folder
from kpi.store.store import Store
from kpi.store.tables import workspace
from tests.agency import CARLA, Agency, click
from tests.books import BY, Books


@pytest.fixture
def other(shared_engine: Engine) -> Books:
    with shared_engine.begin() as connection:
        made = insert(workspace).values(name="other", created_at=datetime(2026, 1, 1, tzinfo=UTC))
        return Books(Store(shared_engine, connection.execute(made.returning(workspace.c.workspace_id)).scalar_one()))


@pytest.fixture
def agency(tenant: Store) -> Agency:
    return Agency(tenant)


@pytest.fixture
def books(agency: Agency) -> Books:
    return Books(agency.store, agency.now)


def carry(books: Books, other: Books, folder: Path) -> dict[str, bytes]:
    """Everything out of the one and into the other; the files."""
    Exports(books.store).write(folder, Manner(), lambda *_: None)
    taken = other.intake.take(Folder(folder).sheets(), Mode())
    assert {one.fate for one in taken} == {Fate.WRITTEN}, [one.flaws[:2] for one in taken]
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_merged_moved_and_corrected_facts_come_in_as_the_same_facts(
    agency: Agency, books: Books, other: Books, tmp_path: Path
) -> None:
    survey = agency.asked()
    agency.surveys.reply(click(survey, 2))
    books.put("revenue", *({"account": key, "starts_on": "2026-01-01", "ends_on": None, "amount": 5}
                           for key in ("acme", "quiet")))  # fmt: skip
    books.fix.move("carla", "globex", BY)
    agency.now.move(hours=1)
    agency.surveys.reply(click(survey, 4))
    agency.surveys.comment(survey["token"], CARLA, "Better")
    books.merge("quiet", "acme")
    books.fix.assign("acme", None, BY)
    files = carry(books, other, tmp_path / "out")
    assert carry(other, books, tmp_path / "again") == files


def test_they_say_nothing_new_where_they_came_from(agency: Agency, books: Books, tmp_path: Path) -> None:
    agency.surveys.reply(click(agency.asked(), 2))
    books.fix.move("carla", "globex", BY)
    books.merge("globex", "quiet")
    Exports(books.store).write(tmp_path / "out", Manner(), lambda *_: None)
    taken = books.intake.take(Folder(tmp_path / "out").sheets(), Mode())
    assert {(one.new, one.changed, one.rejected) for one in taken} == {(0, 0, 0)}
