"""Whatever is asked for as a digest: a subscription whose first digests report a period each, or a sentence, soon."""

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kpi.errors import KpiError
from kpi.services.digest_content import CADENCES
from kpi.services.digests import Wish
from kpi.store.store import Record
from tests.digest_office import Office
from tests.fuzzing import examples, look
from tests.rest import workspace_in
from tests.unit.test_clock_fuzz import CRONS, ZONES

CPU_SECONDS = 2.0
LIKELY = ("0 9 * * 1", "0 9 1 * *", "0 9 1 1,4,7,10 *", "0 9 1 1 *", "30 2 * * 0", "0 9 29 2 *", "0 0 * 2 1#5")


@pytest.fixture(scope="module")
def office(shared_engine: Engine) -> Office:
    """One for all examples."""
    return Office(workspace_in(shared_engine))


def subscribed(office: Office, wish: Wish) -> Record | str:
    try:
        return office.digests.subscribe(wish)
    except KpiError as fault:
        return str(fault)


@examples(150, 5000)
def test_no_wish_for_a_digest_makes_us_stumble(office: Office, count: int) -> None:
    zones = st.sampled_from(("Europe/Berlin", "America/Santiago", "Pacific/Apia")) | ZONES
    cadences = st.sampled_from(("weekly", *CADENCES, "Half-Yearly", "daily", ""))

    @given(st.sampled_from(LIKELY) | CRONS, zones, cadences)
    def holds(cron: str, zone: str, cadence: str) -> None:
        began = thread_time()
        wish = Wish(channel_id="C0TEAM", cadence=cadence, cron=cron, timezone=zone, created_by="U0ANNA")
        said = subscribed(office, wish)
        assert thread_time() - began < CPU_SECONDS
        if isinstance(said, str):
            assert len(said) < 500
        else:
            assert said["next_due_at"] > office.now()
            assert said["cadence"] == "weekly"

    look(holds, count)
