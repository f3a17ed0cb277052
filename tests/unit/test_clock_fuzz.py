"""Whatever stands where a schedule should: an instant that lies ahead, or a sentence about what is wrong, at once."""

from datetime import UTC, datetime, timedelta
from time import thread_time
from zoneinfo import available_timezones

from hypothesis import example, given
from hypothesis import strategies as st

from bot.clock import next_fire
from kpi.errors import KpiError
from tests.fuzzing import examples, look

CPU_SECONDS = 0.5
ATOMS = (
    *(
        "*",
        "0",
        "1",
        "5",
        "29",
        "30",
        "31",
        "59",
        "60",
        "7",
        "L",
        "LW",
        "0L",
        "7L",
        "1#5",
        "5#5",
        "MON",
        "JAN",
        "FRI#5",
    ),
    *("1-5", "5-1", "1,2", "*/1", "*/7", "*/31", "*/60", "1/31", "1-31/30", "LW/2", "L/2", "*/0", "2/²", "٣", "-", "/"),
    *("#", ",", "1,", "*,*", "9" * 400, "9" * 4400, "1,1," * 500 + "1", "?", "@", "\0", "ß", "0" * 3000 + "1"),
)
PARTS = st.sampled_from(ATOMS) | st.integers(-1, 70).map(str) | st.text("0123456789*/,-#LW", max_size=8)
CRONS = st.lists(PARTS, min_size=5, max_size=5).map(" ".join) | st.lists(PARTS, max_size=6).map("\t".join) | st.text()
ZONES = st.sampled_from(sorted(available_timezones())) | st.text(max_size=20)
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 bounds are naive


def struck(cron: str, zone: str, after: datetime) -> datetime | str:
    try:
        return next_fire(cron, zone, after)
    except KpiError as fault:
        return str(fault)


@examples(600, 30_000)
def test_no_schedule_takes_long_or_fails_without_a_sentence(count: int) -> None:
    @given(CRONS, ZONES | st.just("Europe/Berlin"), INSTANTS)
    @example("0 0 * 2 1#5", "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    @example("0 0 */31 2 1#5", "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    @example("1-5 1-5 */60 1-5 1#5", "Europe/Berlin", datetime(2026, 1, 1, tzinfo=UTC))
    @example("0 9 * * 1", "Europe/Berlin", datetime(9999, 12, 31, tzinfo=UTC))
    def holds(cron: str, zone: str, after: datetime) -> None:
        began = thread_time()
        said = struck(cron, zone, after)
        assert thread_time() - began < CPU_SECONDS
        if isinstance(said, str):
            assert said.endswith((".", "Europe/Berlin."))
            assert len(said) < 400
        else:
            assert said.utcoffset() == timedelta(0)
            assert said > after

    look(holds, count)
