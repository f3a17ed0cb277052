"""In, out and in again is the identity: for the facts, for the bytes of the files, in CSV and in Parquet."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from kpi.records.catalog import BY_NAME, ENTITIES
from kpi.services.exports import Exports, Format, Manner
from kpi.services.intake import Fate, Mode, Taken
from kpi.sources.csv_files import Folder
from kpi.sources.sample import Plan, write
from kpi.store.store import Store
from kpi.store.tables import workspace
from tests.agency import CARLA, Agency, click
from tests.sheets import Row, intake, stored


def quiet(*_: object) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "sample"
    write(folder, Plan(accounts=15, since=date(2026, 1, 1), until=date(2026, 7, 1), seed=3), quiet)
    return folder


@pytest.fixture
def other(shared_engine: Engine) -> Store:
    with shared_engine.begin() as connection:
        made = insert(workspace).values(name="other", created_at=datetime(2026, 1, 1, tzinfo=UTC))
        return Store(shared_engine, connection.execute(made.returning(workspace.c.workspace_id)).scalar_one())


def taken(store: Store, folder: Path) -> tuple[Taken, ...]:
    found = intake(store).take(Folder(folder).sheets(), Mode())
    assert {one.fate for one in found} == {Fate.WRITTEN}, [one.flaws[:2] for one in found]
    return found


def exported(store: Store, folder: Path, **manner: Any) -> dict[str, bytes]:
    Exports(store).write(folder, Manner(**manner), quiet)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_sample_comes_in_without_a_flaw_and_the_second_time_says_nothing_new(tenant: Store, sample: Path) -> None:
    rows = {path.stem: path.read_bytes().count(b"\n") - 1 for path in sample.glob("*.csv")}
    first = taken(tenant, sample)
    assert {one.entity for one in first} == set(BY_NAME)
    assert all(0 < one.new <= rows[one.entity] for one in first)
    before = stored(tenant)
    assert {(one.new, one.changed, one.rejected) for one in taken(tenant, sample)} == {(0, 0, 0)}
    assert stored(tenant) == before


@pytest.mark.parametrize("format", Format)
def test_what_goes_out_comes_in_as_the_same_facts(
    tenant: Store, other: Store, sample: Path, tmp_path: Path, format: Format
) -> None:
    taken(tenant, sample)
    files = exported(tenant, tmp_path / "out", format=format)
    taken(other, tmp_path / "out")
    assert stored(other) == stored(tenant)
    assert exported(other, tmp_path / "again", format=format) == files


@pytest.mark.parametrize("format", Format)
def test_what_goes_out_says_nothing_new_where_it_came_from(
    tenant: Store, sample: Path, tmp_path: Path, format: Format
) -> None:
    taken(tenant, sample)
    exported(tenant, tmp_path / "out", format=format)
    assert {(one.new, one.changed) for one in taken(tenant, tmp_path / "out")} == {(0, 0)}


ODD: dict[str, list[Row]] = {
    "owners": [{"owner": "Ö, \"quoted\"", "name": "=cmd|'/c calc'!A1", "manager": ""}],
    "accounts": [{"account": "a,b;c", "name": "Größe & Söhne\u202e", "observed_from": "2026-01-01", "currency": "JPY"}],
    "terms": [{"account": "a,b;c", "starts_on": "2026-01-01", "ends_on": "2026-02-01", "notice_on": "2026-01-15",
               "reason": "two\nlines", "recorded_at": "2026-01-02", "end_recorded_at": "2026-01-20T10:00:00.25Z"}],
    "contacts": [{"contact": "c", "account": "a,b;c", "opted_out_at": "2026-03-29T02:30:00+02:00"}],
    "revenue": [{"account": "a,b;c", "starts_on": "2026-01-01", "ends_on": "2026-03-01", "amount": "1200",
                 "kind": "project", "revenue": name} for name in ("", "second")],
    "offers": [{"offer": "o", "account": "a,b;c", "kind": "Cross-Sell", "offered_on": "2026-01-03", "decided_on": "",
                "outcome": "open", "amount": "", "currency": "KWD"}],
    "messages": [{"account": "a,b;c", "day": "2026-01-03", "from_client": "0", "from_us": "0"}],
    "usage": [{"account": "a,b;c", "day": "2026-01-03", "metric": "x", "value": "-0.1e-7"}],
    "replies": [{"reply": "\\.", "survey": "", "account": "a,b;c", "instrument": "ces", "score": "7", "contact": "",
                 "comment": "\\N \\. \"so\"\r\n@here, NULL", "answered_at": "2026-01-03T23:59:59.999999Z"}],
    "feedback": [{"feedback": "f", "account": "a,b;c", "text": "", "received_at": "2026-01-03", "implemented_at": "",
                  "declined_at": "2026-01-04", "decline_reason": "no", "actionable": "no"}],
}  # fmt: skip


@pytest.mark.parametrize("format", Format)
def test_odd_rows_survive_the_way_out_and_in(tenant: Store, other: Store, tmp_path: Path, format: Format) -> None:
    for name, rows in ODD.items():
        assert intake(tenant).put(BY_NAME[name], rows, "test").new == len(rows), name
    files = exported(tenant, tmp_path / "out", format=format)
    taken(other, tmp_path / "out")
    assert stored(other) == stored(tenant)
    assert exported(other, tmp_path / "again", format=format) == files


def test_what_happened_in_slack_goes_out_and_comes_back_unchanged(store: Store, tmp_path: Path) -> None:
    agency = Agency(store)
    survey = agency.asked()
    for score in (2, 4):
        agency.surveys.reply(click(survey, score))
        agency.now.move(minutes=1)
    agency.surveys.comment(survey["token"], CARLA, "fine")
    before = stored(store)
    exported(store, tmp_path / "out")
    assert {(one.new, one.changed) for one in taken(store, tmp_path / "out")} == {(0, 0)}
    assert stored(store) == before


def test_there_is_an_odd_row_wherever_texts_and_times_could_suffer() -> None:
    assert {entity.name for entity in ENTITIES} - set(ODD) == {"episodes", "interactions", "surveys"}
