"""Whatever the order of rows, however often they come and wherever a run is cut short: the same facts in the end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from kpi.records.catalog import ENTITIES
from kpi.services.intake import Fate, Mode
from kpi.store.store import Store
from kpi.store.tables import workspace
from tests.sheets import Crash, Pages, Row, intake, stored

pytestmark = pytest.mark.timeout(240)
EVENLY = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
Files = dict[str, list[Row]]
ACCOUNTS = ("acme", "beta", "coda")
PEOPLE = {"ann": "acme", "al": "acme", "ben": "beta", "cy": "coda"}
FIRST = datetime(2026, 3, 27, 20, tzinfo=UTC)


def moments() -> st.SearchStrategy[str]:
    """Instants around the night the clocks change."""
    return st.integers(0, 80).map(lambda hours: (FIRST + timedelta(hours=hours)).isoformat())


def days() -> st.SearchStrategy[str]:
    return st.integers(0, 4).map(lambda number: f"2026-03-{27 + number}")


@st.composite
def portfolios(draw: st.DrawFn) -> Files:
    """A small portfolio: several answers to a survey, edits of answers, days with everything on them."""
    interactions = draw(st.lists(st.tuples(st.sampled_from(sorted(PEOPLE)), moments()), max_size=4))
    kinds = draw(st.lists(st.sampled_from(["meeting", "call"]), min_size=4, max_size=4))
    asked = draw(st.lists(st.sampled_from(sorted(PEOPLE)), max_size=3))
    answers = draw(st.lists(st.tuples(st.integers(-1, 2), st.sampled_from(sorted(PEOPLE)), st.integers(1, 5), moments(),
                                      st.sampled_from(["", "ok", "fine, “thanks”"])), max_size=6))  # fmt: skip
    messages = draw(st.dictionaries(st.tuples(st.sampled_from(ACCOUNTS), days()), st.integers(0, 5), max_size=4))
    starts = draw(st.dictionaries(st.tuples(st.sampled_from(ACCOUNTS), days()), st.booleans(), max_size=4))
    return {
        "owners": [{"owner": "o1", "name": "One", "manager": "o2"}, {"owner": "o2", "name": "Two", "manager": ""}],
        "accounts": [{"account": key, "name": key.upper(), "owner": "o1"} for key in ACCOUNTS],
        "terms": [{"account": key, "starts_on": day, "ends_on": "2027-01-01" if ends else ""}
                  for (key, day), ends in starts.items()],
        "contacts": [{"contact": key, "account": account} for key, account in PEOPLE.items()],
        "messages": [{"account": key, "day": day, "from_client": str(count), "from_us": "1"}
                     for (key, day), count in messages.items()],
        "interactions": [{"interaction": f"i{number}", "account": PEOPLE[who], "contact": who, "kind": kinds[number],
                          "occurred_at": at} for number, (who, at) in enumerate(interactions)],
        "surveys": [{"survey": f"s{number}", "account": PEOPLE[who], "contact": who, "instrument": "csat",
                     "posted_at": FIRST.isoformat(), "state": "answered"} for number, who in enumerate(asked)],
        "replies": [_answer(number, asked, *answer) for number, answer in enumerate(answers)],
    }  # fmt: skip


def _answer(number: int, asked: Sequence[str], survey: int, who: str, score: int, at: str, comment: str) -> Row:  # noqa: PLR0917 one per column
    answered = survey if survey < len(asked) else -1
    person = asked[answered] if answered >= 0 else who
    return {
        "reply": f"r{number}", "survey": f"s{answered}" if answered >= 0 else "", "account": PEOPLE[person],
        "contact": person, "instrument": "csat", "score": str(score), "comment": comment, "answered_at": at,
    }  # fmt: skip


def new_workspace(engine: Engine) -> Store:
    with engine.begin() as connection:
        made = insert(workspace).values(name="workspace", created_at=FIRST).returning(workspace.c.workspace_id)
        return Store(engine, connection.execute(made).scalar_one())


def pages(files: Files) -> list[Pages]:
    return [Pages(name, rows, batch=2) for name, rows in files.items() if rows]


def loaded(engine: Engine, files: Files) -> Store:
    store = new_workspace(engine)
    assert all(taken.fate is Fate.WRITTEN for taken in intake(store).take(pages(files), Mode()))
    return store


@EVENLY
@given(files=portfolios(), data=st.data())
def test_neither_the_order_of_files_nor_of_rows_matters(
    shared_engine: Engine, files: Files, data: st.DataObject
) -> None:
    shuffled = {name: data.draw(st.permutations(rows)) for name, rows in data.draw(st.permutations([*files.items()]))}
    assert stored(loaded(shared_engine, files)) == stored(loaded(shared_engine, shuffled))


@EVENLY
@given(files=portfolios(), parts=st.lists(st.integers(0, 3), min_size=1, max_size=3))
def test_rows_that_come_again_whole_or_in_part_change_nothing(
    shared_engine: Engine, files: Files, parts: list[int]
) -> None:
    store = loaded(shared_engine, files)
    before = stored(store)
    for step in parts:
        some = {name: rows[:: step + 1] for name, rows in files.items()}
        taken = intake(store).take(pages(some), Mode())
        assert {(one.new, one.changed, one.rejected) for one in taken} <= {(0, 0, 0)}
    assert stored(store) == before


@EVENLY
@given(files=portfolios(), data=st.data())
def test_rows_that_stand_in_a_file_twice_come_in_once(shared_engine: Engine, files: Files, data: st.DataObject) -> None:
    store = new_workspace(shared_engine)
    doubled = {
        name: [*rows, *data.draw(st.lists(st.sampled_from(rows), max_size=2))] for name, rows in files.items() if rows
    }
    taken = intake(store).take(pages(doubled), Mode(keep_good=True))
    assert sum(one.rejected for one in taken) == sum(len(rows) - len(files[name]) for name, rows in doubled.items())
    assert stored(store) == stored(loaded(shared_engine, files))


@EVENLY
@given(files=portfolios(), data=st.data())
def test_bad_rows_among_good_ones_leave_no_trace(shared_engine: Engine, files: Files, data: st.DataObject) -> None:
    store = new_workspace(shared_engine)
    name = data.draw(st.sampled_from([name for name, rows in files.items() if rows]))
    column = data.draw(st.sampled_from([one.name for one in ENTITIES if one.name == name] and _needed(name)))
    bad = {**files[name][0], column: ""}
    with_bad = {**files, name: [bad, *files[name]]}
    refused = intake(store).take(pages(with_bad), Mode())
    assert [one.entity for one in refused if one.fate is Fate.REFUSED] == [name]
    assert intake(store).take(pages(with_bad), Mode(keep_good=True))
    assert stored(store) == stored(loaded(shared_engine, files))


def _needed(name: str) -> list[str]:
    entity = next(entity for entity in ENTITIES if entity.name == name)
    return [column.name for column in entity.columns if column.required]


@EVENLY
@given(files=portfolios(), data=st.data())
def test_a_run_that_is_cut_short_anywhere_goes_on_and_ends_alike(
    shared_engine: Engine, files: Files, data: st.DataObject
) -> None:
    store = new_workspace(shared_engine)
    names = [name for name, rows in files.items() if rows]
    for name in data.draw(st.lists(st.sampled_from(names), max_size=3)):
        crash_at = data.draw(st.integers(0, (len(files[name]) + 1) // 2 - 1))
        broken = [Pages(page.name, page.rows, 2, crash_at if page.name == name else None) for page in pages(files)]
        try:
            intake(store).take(broken, Mode())
        except Crash:
            continue
    taken = intake(store).take(pages(files), Mode())
    assert {one.fate for one in taken} <= {Fate.WRITTEN, Fate.RESUMED}
    assert stored(store) == stored(loaded(shared_engine, files))
