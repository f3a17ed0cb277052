"""Whatever is taken in, logged, answered and put right, in whatever order: the days are what the rows say."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from kpi.store import tables
from tests.office import STEPS, Office, workspace


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=3, max_size=12))
def test_days_are_what_their_rows_say_after_every_step(
    shared_engine: Engine, steps: list[tuple[str, tuple[Any, ...]]]
) -> None:
    office = Office(workspace(shared_engine))
    for name, arguments in steps:
        getattr(office, name)(*arguments)
        assert office.books.counted() == office.books.recounted(), (name, arguments)
        edited = {row["reply_id"] for row in office.books.rows(tables.reply_edit)}
        assert edited == {row["reply_id"] for row in office.books.rows(tables.reply)}, "no answer without its words"
