"""The days that are asked for most are packed before anybody asks."""

from sqlalchemy import Engine, func, select, update

from bot.jobs import fold_notes, pack_days
from kpi.services.questions import Question
from kpi.store import tables
from kpi.store.store import Store
from tests.sample_portfolio import sample_reports


def packed(store: Store) -> int:
    with store.transaction() as tx:
        return int(tx.value(select(func.count()).where(tx.mine(tables.fact_day))))


def test_once_packed_nothing_is_packed_again_until_something_changes(shared_engine: Engine) -> None:
    with sample_reports(shared_engine, accounts=4, months=3) as reports:
        store, zone = reports.store, reports.policy.workspace.timezone
        packed_last = pack_days.Packed(store, zone, reports.now)
        pack_days.run(packed_last)
        count = packed(store)
        assert count == 4 * pack_days.DAYS
        with store.transaction() as tx:
            tx.run(update(tables.fact_day).where(tx.mine(tables.fact_day)).values(packed=b""))
        fold_notes.run(store)
        pack_days.run(packed_last)
        with store.transaction() as tx:
            assert (
                tx.value(select(func.max(func.length(tables.fact_day.c.packed))).where(tx.mine(tables.fact_day))) == 0
            )
            tx.run(update(tables.episode).where(tx.mine(tables.episode)).values(key=tables.episode.c.key))
        pack_days.run(packed_last)
        assert reports.answer(Question("response_time", "last month")).n > 0
        assert packed(store) == count
