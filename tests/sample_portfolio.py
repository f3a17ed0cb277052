"""A sample portfolio in a database, loaded once for the tests of a module."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select, update

from bot.settings import load
from kpi.policy import Policy
from kpi.services.intake import Intake, Mode
from kpi.services.reports import Reports
from kpi.sources.csv_files import Folder
from kpi.sources.sample import Wish, planned, write
from kpi.store.store import Store
from kpi.store.tables import account, owner
from tests.fakes import FakeNow
from tests.rest import workspace_in
from tests.sampled import UNTIL

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


def shipped() -> Policy:
    """Everything as it is shipped."""
    return load({}, Path("/nonexistent")).policy


@contextmanager
def sample_reports(engine: Engine, accounts: int = 24, months: int = 15, seed: int = 4) -> Iterator[Reports]:
    """Reports over a workspace of its own that holds the sample."""
    store, policy = workspace_in(engine), shipped()
    with tempfile.TemporaryDirectory() as folder:
        made = write(Path(folder) / "sample", planned(Wish(accounts, months, seed=seed), UNTIL), lambda _done: None)
        intake = Intake(store, FakeNow(NOW), policy.workspace.timezone, policy.workspace.currency)
        taken = intake.take(Folder(made.folder).sheets(), Mode())
    assert not [flaw for one in taken for flaw in one.flaws]
    _unsettle(store)
    yield Reports(store, policy, FakeNow(NOW))


def _unsettle(store: Store) -> None:
    """Some accounts are nobody's, some of no segment, some of another owner than when their clients were asked."""
    with store.transaction() as tx:
        mine = tx.mine(account)
        for place, values in ((0, {"owner_id": None}), (1, {"segment": None}), (2, {"owner_id": _any_owner(store)})):
            third = account.c.account_id % 7 == place
            tx.connection.execute(update(account).where(mine, third).values(values))


def _any_owner(store: Store) -> int:
    with store.transaction() as tx:
        return int(tx.connection.execute(select(owner.c.owner_id).where(tx.mine(owner)).limit(1)).scalar_one())
