"""Facts go out as files."""

import csv
import errno
import os
import stat
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it comes without types
import pytest

from kpi.errors import KpiError
from kpi.records.catalog import BY_NAME, ENTITIES
from kpi.services.exports import Exports, Format, Manner, Written
from kpi.store import tables
from kpi.store.store import Store
from tests.builders import Portfolio, at

Row = dict[str, str]


def quiet(_file: str, _rows: int, _total: int) -> None:
    """Nobody watches."""


def export(store: Store, folder: Path, **manner: Any) -> tuple[Written, ...]:
    return Exports(store).write(folder, Manner(**manner), quiet)


def rows(folder: Path, entity: str) -> list[Row]:
    with (folder / f"{entity}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def portfolio(tenant: Store) -> Portfolio:
    return Portfolio(tenant)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "facts"


def busy(portfolio: Portfolio) -> int:
    """An account with a row of everything; its id."""
    anna = portfolio.owner("Anna")
    acme = portfolio.account("Acme", owner_id=anna, segment="enterprise", observed_from=date(2024, 1, 1))
    carla = portfolio.contact(acme, "Carla")
    portfolio.term(acme, "2024-03-01", "2026-03-01", reason="budget")
    portfolio.row(tables.revenue, account_id=acme, kind="recurring", starts_on=date(2024, 3, 1), amount_minor=450050,
                  currency="EUR")  # fmt: skip
    portfolio.row(tables.offer, account_id=acme, key="offer-1", kind="upsell", amount_minor=900, currency="JPY",
                  offered_on=date(2026, 1, 5), outcome="open")  # fmt: skip
    portfolio.row(tables.account_day, account_id=acme, day=date(2026, 1, 7), from_client=4, from_us=0)
    portfolio.row(tables.usage_day, account_id=acme, day=date(2026, 1, 7), metric="logins", value=17)
    portfolio.row(tables.episode, key="wait-1", account_id=acme, opened_at=at("2026-01-07"),
                  recorded_at=at("2026-01-08"))  # fmt: skip
    meeting = portfolio.row(tables.interaction, **logged("csv", "meeting-1"), account_id=acme, contact_id=carla)
    survey = portfolio.survey(acme, "answered", key="survey-1", contact_id=carla, posted_at=at("2026-01-08"),
                              interaction_id=meeting["interaction_id"], owner_at_send=anna)  # fmt: skip
    reply = portfolio.reply(acme, 5, at("2026-01-09"), survey_id=survey, contact_id=carla, owner_id=anna)
    portfolio.edited(reply, [(2, at("2026-01-09")), (5, at("2026-01-10"))])
    portfolio.row(tables.feedback, account_id=acme, key="wish-1", contact_id=carla, text="A summary", actionable=True,
                  received_at=at("2026-01-09"))  # fmt: skip
    return acme


def logged(source: str, external_id: str, **more: Any) -> dict[str, Any]:
    times = {"occurred_at": at("2026-01-07"), "recorded_at": at("2026-01-07", 13)}
    return {"kind": "meeting", "logged_by": "U0ANNA", "source": source, "external_id": external_id, **times, **more}


def test_every_kind_of_fact_has_a_file_with_all_its_columns_in_their_order(portfolio: Portfolio, folder: Path) -> None:
    busy(portfolio)
    written = export(portfolio.store, folder)
    assert [file.entity for file in written] == [entity.name for entity in ENTITIES]
    assert sorted(path.name for path in folder.iterdir()) == sorted(file.file for file in written)
    for file in written:
        text = (folder / file.file).read_text(encoding="utf-8")
        assert text.splitlines()[0] == ",".join(BY_NAME[file.entity].names)
        assert (file.rows, file.bytes) == (len(rows(folder, file.entity)), len(text.encode()))
        assert file.rows == (2 if file.entity == "replies" else 1)


def test_a_row_says_who_by_key_when_in_utc_and_how_much_in_major_units(portfolio: Portfolio, folder: Path) -> None:
    busy(portfolio)
    export(portfolio.store, folder)
    [wait], [meeting], [price], [offer] = (
        rows(folder, entity) for entity in ("episodes", "interactions", "revenue", "offers")
    )
    assert wait == {"episode": "wait-1", "account": "key-acme", "opened_at": "2026-01-07T12:00:00Z",
                    "first_response_at": "", "recorded_at": "2026-01-08T12:00:00Z",
                    "response_recorded_at": ""}  # fmt: skip
    assert (meeting["interaction"], meeting["contact"], meeting["owner"]) == ("meeting-1", "carla", "")
    assert (price["amount"], price["starts_on"], price["ends_on"]) == ("4500.50", "2024-03-01", "")
    assert (offer["amount"], offer["currency"], offer["decided_on"]) == ("900", "JPY", "")
    assert rows(folder, "feedback")[0]["actionable"] == "yes"


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", "1234.05"), ("JPY", "123405"), ("BHD", "123.405"), ("CLF", "12.3405")]
)
def test_an_amount_has_the_decimals_of_its_currency(
    portfolio: Portfolio, folder: Path, currency: str, amount: str
) -> None:
    acme = portfolio.account("Acme")
    portfolio.row(tables.revenue, account_id=acme, kind="recurring", starts_on=date(2024, 3, 1), amount_minor=123405,
                  currency=currency)  # fmt: skip
    export(portfolio.store, folder)
    assert rows(folder, "revenue")[0]["amount"] == amount


def test_an_instant_keeps_its_fraction_of_a_second(portfolio: Portfolio, folder: Path) -> None:
    acme = portfolio.account("Acme")
    opened = datetime.fromisoformat("2026-01-07T12:00:00.250001+01:00")
    portfolio.row(tables.episode, key="wait-1", account_id=acme, opened_at=opened, recorded_at=opened)
    export(portfolio.store, folder)
    assert rows(folder, "episodes")[0]["opened_at"] == "2026-01-07T11:00:00.250001Z"


def test_each_version_of_an_answer_is_a_row(portfolio: Portfolio, folder: Path) -> None:
    busy(portfolio)
    export(portfolio.store, folder)
    said = rows(folder, "replies")
    assert sorted((row["score"], row["answered_at"]) for row in said) == [
        ("2", "2026-01-09T12:00:00Z"), ("5", "2026-01-10T12:00:00Z")]  # fmt: skip
    shared = {(row["survey"], row["account"], row["contact"], row["instrument"], row["owner"]) for row in said}
    assert shared == {("survey-1", "key-acme", "carla", "csat", "anna")}


def test_an_interaction_taken_back_is_nowhere_also_not_where_others_name_it(portfolio: Portfolio, folder: Path) -> None:
    acme = portfolio.account("Acme")
    gone = portfolio.row(tables.interaction, account_id=acme, **logged("slack", "1", withdrawn_at=at("2026-01-08")))
    asked = portfolio.survey(acme, "answered", interaction_id=gone["interaction_id"], posted_at=at("2026-01-08"))
    answered = at("2026-01-09")
    reply = portfolio.reply(acme, 4, answered, interaction_id=gone["interaction_id"], survey_id=asked)
    portfolio.edited(reply, [(4, answered)])
    export(portfolio.store, folder)
    assert rows(folder, "interactions") == []
    assert [row["interaction"] for entity in ("surveys", "replies") for row in rows(folder, entity)] == ["", ""]


def test_only_questions_that_reached_somebody_go_out(portfolio: Portfolio, folder: Path) -> None:
    acme = portfolio.account("Acme")
    for state in ("scheduled", "suppressed", "cancelled", "failed", "posted", "answered", "expired"):
        portfolio.survey(acme, state, key=f"survey-{state}", reason="because", posted_at=at("2026-01-08"))
    export(portfolio.store, folder)
    assert [row["survey"] for row in rows(folder, "surveys")] == [
        "survey-answered", "survey-expired", "survey-posted"]  # fmt: skip


def test_a_day_whose_messages_nobody_counted_is_no_row_of_messages(portfolio: Portfolio, folder: Path) -> None:
    acme = portfolio.account("Acme")
    portfolio.row(tables.account_day, account_id=acme, day=date(2026, 1, 7), interactions=1)
    portfolio.row(tables.account_day, account_id=acme, day=date(2026, 1, 8), from_client=0, from_us=0)
    export(portfolio.store, folder)
    assert [row["day"] for row in rows(folder, "messages")] == ["2026-01-08"]


TEXTS = ('She said "fine"; then, left', "two\nlines", "crlf\r\nhere", "=1+1", "@SUM(A1)", "ünï 日本 🎉", "\\N", "NULL",
         "tab\there", '"', "'quoted'", ",;")  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_client_wrote_goes_out_as_it_is(portfolio: Portfolio, folder: Path, text: str) -> None:
    acme = portfolio.account("Acme")
    portfolio.row(tables.feedback, account_id=acme, key="wish", text=text, received_at=at("2026-01-09"))
    export(portfolio.store, folder)
    assert rows(folder, "feedback")[0]["text"] == text


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"])
def test_for_spreadsheets_nothing_a_client_wrote_begins_a_formula(
    portfolio: Portfolio, folder: Path, text: str
) -> None:
    acme = portfolio.account("Acme")
    portfolio.row(tables.feedback, account_id=acme, key="wish", text=text, received_at=at("2026-01-09"))
    portfolio.row(tables.usage_day, account_id=acme, day=date(2026, 1, 7), metric="balance", value=-2.5)
    export(portfolio.store, folder, for_spreadsheets=True)
    assert rows(folder, "feedback")[0]["text"] == f"'{text}"
    assert rows(folder, "usage")[0]["value"] == "-2.5"
    assert (folder / "feedback.csv").read_bytes().startswith("\ufeff".encode()), "Excel takes it for UTF-8 by this"


def test_the_order_is_by_key_and_by_bytes(portfolio: Portfolio, folder: Path) -> None:
    for name in ("b", "ä", "A", "a", "Z"):
        portfolio.account(f"X{name}", key=name)
    export(portfolio.store, folder)
    assert [row["account"] for row in rows(folder, "accounts")] == ["A", "Z", "a", "b", "ä"]


def test_twice_gives_the_same_bytes(portfolio: Portfolio, tmp_path: Path) -> None:
    busy(portfolio)
    for name in ("one", "two"):
        export(portfolio.store, tmp_path / name)
        export(portfolio.store, tmp_path / name, format=Format.PARQUET, replace=True)
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert first == second


def test_another_workspaces_facts_stay_there(portfolio: Portfolio, folder: Path, shared_engine: Any) -> None:
    busy(portfolio)
    stranger = Store(shared_engine, portfolio.store.workspace_id + 100_000)
    assert {file.rows for file in export(stranger, folder)} == {0}


def test_parquet_has_proper_types_and_the_same_facts(portfolio: Portfolio, folder: Path) -> None:
    busy(portfolio)
    written = export(portfolio.store, folder, format=Format.PARQUET)
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{entity.name}.parquet" for entity in ENTITIES)
    types = {name: str(kind) for file in written for name, kind in _types(folder / file.file).items()}
    assert {types["starts_on"], types["day"]} == {"date32[day]"}
    assert types["opened_at"] == "timestamp[us, tz=UTC]"
    assert (types["amount"], types["value"], types["score"]) == ("decimal128(23, 4)", "double", "int64")
    assert (types["actionable"], types["comment"]) == ("bool", "string")
    assert pq.read_table(folder / "episodes.parquet").to_pylist()[0]["opened_at"] == at("2026-01-07")
    assert [file.rows for file in written] == [pq.read_metadata(folder / file.file).num_rows for file in written]


def _types(path: Path) -> dict[str, Any]:
    schema = pq.read_schema(path)
    return dict(zip(schema.names, schema.types, strict=True))


def test_parquet_of_nothing_still_has_its_columns(portfolio: Portfolio, folder: Path) -> None:
    export(portfolio.store, folder, format=Format.PARQUET)
    for entity in ENTITIES:
        assert pq.read_schema(folder / f"{entity.name}.parquet").names == list(entity.names)


def test_a_folder_that_holds_such_files_is_left_alone_unless_forced(portfolio: Portfolio, folder: Path) -> None:
    folder.mkdir()
    (folder / "terms.parquet").write_text("of an earlier export")
    (folder / "notes.txt").write_text("somebody's own")
    with pytest.raises(KpiError, match=r"terms\.parquet is there already; .* --force"):
        export(portfolio.store, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", "terms.parquet"]
    export(portfolio.store, folder, replace=True)
    assert not (folder / "terms.parquet").exists(), "of two files of the same facts one would be stale"
    assert (folder / "notes.txt").read_text() == "somebody's own"


@pytest.mark.parametrize("existing", [True, False])
def test_an_export_that_fails_in_the_midst_leaves_nothing_behind(
    portfolio: Portfolio, folder: Path, existing: bool
) -> None:
    busy(portfolio)
    if existing:
        folder.mkdir()
        (folder / "terms.csv").write_text("earlier")

    reads = 0

    def fails(file: str, _rows: int, _total: int) -> None:
        nonlocal reads
        reads += file == "usage.csv"
        if reads == 2:  # the first line of the file has come, others are under way
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(KpiError, match="No space left on device"):
        Exports(portfolio.store).write(folder, Manner(replace=True), fails)
    assert folder.exists() == existing
    assert not existing or [(path.name, path.read_text()) for path in folder.iterdir()] == [("terms.csv", "earlier")]


def test_a_file_in_the_folders_place_or_above_it_is_said(portfolio: Portfolio, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KpiError, match="is not a folder"):
        export(portfolio.store, tmp_path / "file")
    with pytest.raises(KpiError, match=r"cannot be written \(Not a directory\)"):
        export(portfolio.store, tmp_path / "file" / "below")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_nobody_may_write_to_is_said(portfolio: Portfolio, folder: Path) -> None:
    folder.mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(KpiError, match="Permission denied"):
        export(portfolio.store, folder)


def test_all_files_are_of_one_moment(portfolio: Portfolio, folder: Path) -> None:
    acme = busy(portfolio)

    def meanwhile(file: str, written: int, _total: int) -> None:
        if file == "accounts.csv" and written:
            portfolio.row(tables.usage_day, account_id=acme, day=date(2026, 2, 1), metric="logins", value=1)

    Exports(portfolio.store).write(folder, Manner(), meanwhile)
    assert [row["day"] for row in rows(folder, "usage")] == ["2026-01-07"]


def test_progress_is_told_in_rows_of_each_file(portfolio: Portfolio, folder: Path) -> None:
    busy(portfolio)
    told: list[tuple[str, int, int]] = []
    Exports(portfolio.store).write(folder, Manner(), lambda *step: told.append(step))
    assert [step for step in told if step[0] == "replies.csv"] == [("replies.csv", done, 2) for done in (0, 0, 2)]
