"""Strategies for the rows of one account, kind by kind. Days cluster where figures change hands: at the bounds of
periods, at changes of the clocks, around opening hours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.reference.cells import Row

Draw = st.DrawFn

BOUNDS = [
    *(date(2026, month, 1) for month in (10, 9, 7, 4, 1)),
    *(date(2026, month, 30) for month in (9, 6)),
    *(date(2025, 10, 1), date(2025, 7, 1), date(2024, 2, 29), date(2026, 2, 28), date(2026, 8, 31)),
    *(date(2025, 10, 26), date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 28), date(2026, 12, 31)),
]
EARLY = st.dates(date(2023, 1, 1), date(2025, 6, 30))
STARTS = EARLY | st.dates(date(2023, 1, 1), date(2026, 6, 30)) | st.sampled_from(BOUNDS)
LENGTHS_DAYS = st.integers(300, 1300) | st.sampled_from([1, 14, 28, 30, 31, 61, 90, 181, 365, 366])
GAPS_DAYS = st.sampled_from([0, 1, -1, -20, 30, 200])
TIMES = st.sampled_from([time(12), time(9), time(17), time(0), time(1, 30), time(2, 30), time(3), time(23, 59, 59)])
WAITS = st.sampled_from(
    [
        timedelta(hours=1),
        timedelta(0),
        timedelta(microseconds=1),
        timedelta(minutes=30),
        *(timedelta(hours=hours) for hours in (2, 4, 8, 16, 24, 72)),
    ]
) | st.timedeltas(timedelta(0), timedelta(days=20))
LATE = st.sampled_from([timedelta(0), timedelta(hours=1), *(timedelta(days) for days in (1, 7, 40, 100, 300))])
LAST_DAY = date(2027, 1, 31)


@dataclass(frozen=True)
class Scene:
    """Where and when it plays: most of it in the months before `today`."""

    zone: ZoneInfo
    today: date

    @property
    def days(self) -> st.SearchStrategy[date]:
        """Days on which things happen."""
        recent = st.integers(-10, 100).map(lambda ago: self.today - timedelta(ago))
        return recent | st.integers(-30, 200).map(lambda ago: self.today - timedelta(ago)) | st.sampled_from(BOUNDS)

    @property
    def instants(self) -> st.SearchStrategy[datetime]:
        """Instants at which things happen, in UTC."""
        return instants(self.zone, self.days)

    def midnight(self, day: date) -> datetime:
        """When a day begins, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def instants(zone: ZoneInfo, days: st.SearchStrategy[date]) -> st.SearchStrategy[datetime]:
    """Instants by local days and times, in UTC."""
    return st.builds(datetime.combine, days, TIMES, st.just(zone)).map(lambda found: found.astimezone(UTC))


def cell(value: date | datetime | float | str | None) -> str:
    """What stands in the file."""
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def recorded(draw: Draw, occurred: datetime) -> str:
    """Most often as it happened; else later."""
    return cell(occurred + draw(LATE)) if draw(st.sampled_from([False, False, False, True])) else ""


def later(draw: Draw, occurred: datetime) -> datetime | None:
    """Something that follows upon it, or does not."""
    return draw(st.none() | (WAITS | st.timedeltas(timedelta(0), timedelta(days=150))).map(occurred.__add__))


@st.composite
def terms(draw: Draw, account: str, scene: Scene) -> list[Row]:
    """One term after another: gapless, overlapping, or after a while; the last may run."""
    rows: list[Row] = []
    start = draw(STARTS)
    for gap, length in draw(st.lists(st.tuples(GAPS_DAYS, LENGTHS_DAYS), min_size=1, max_size=3)):
        end = start + timedelta(length)
        ends_on = None if end > LAST_DAY or draw(st.booleans()) else end
        notice = draw(st.none() | st.sampled_from([0, 30, 90])) if ends_on else None
        known = recorded(draw, scene.midnight(ends_on)) if ends_on else ""
        rows.append(
            {
                "account": account,
                "starts_on": cell(start),
                "ends_on": cell(ends_on),
                "notice_on": cell(max(start, end - timedelta(notice)) if notice is not None else None),
                "recorded_at": recorded(draw, scene.midnight(start)),
                "end_recorded_at": known,
            }
        )
        start = max(start + timedelta(1), end + timedelta(gap))
        if start > LAST_DAY:
            break
    return rows


@st.composite
def revenue(draw: Draw, account: str, scene: Scene) -> list[Row]:
    """Recurring rows and projects, in two currencies."""
    rows = []
    for number, start in enumerate(draw(st.tuples(EARLY, STARTS, STARTS) | st.lists(STARTS, max_size=4))):
        kind = draw(st.sampled_from(["recurring", "recurring", "recurring", "project"]))
        end = start + timedelta(draw(LENGTHS_DAYS))
        runs = kind == "recurring" and draw(st.booleans())
        rows.append(
            {
                "account": account,
                "starts_on": cell(start),
                "ends_on": "" if runs else cell(end),
                "amount": draw(st.sampled_from(["100.00", "333.33", "250.5", "4500.00", "0", "1200", "71.42"])),
                "currency": draw(st.sampled_from(["", "EUR", "USD"])),
                "kind": kind,
                "revenue": str(number),
                "recorded_at": recorded(draw, scene.midnight(start)),
            }
        )
    return rows


@st.composite
def offers(draw: Draw, account: str, scene: Scene) -> list[Row]:
    """Upsells and others, won, lost and open."""
    rows = []
    for number in range(draw(st.integers(0, 3))):
        offered_on = draw(scene.days)
        outcome = draw(st.sampled_from(["won", "lost", "open"]))
        decided_on = offered_on + timedelta(draw(st.integers(0, 60)))
        known = "" if outcome == "open" else recorded(draw, scene.midnight(decided_on))
        rows.append(
            {
                "offer": f"{account} offer {number}",
                "account": account,
                "kind": draw(st.sampled_from(["upsell", "cross_sell", "renewal"])),
                "offered_on": cell(offered_on),
                "decided_on": "" if outcome == "open" else cell(decided_on),
                "outcome": outcome,
                "recorded_at": recorded(draw, scene.midnight(offered_on)),
                "decision_recorded_at": known,
            }
        )
    return rows


def _daily(names: Callable[[Draw], Row], most: int) -> Callable[[str, Scene], st.SearchStrategy[list[Row]]]:
    @st.composite
    def rows(draw: Draw, account: str, scene: Scene) -> list[Row]:
        days = draw(st.lists(scene.days, max_size=most, unique=True))
        known = [{"recorded_at": recorded(draw, scene.midnight(day))} for day in days]
        dated: Sequence[Row] = [{"account": account, "day": cell(day)} for day in days]
        return [day | names(draw) | late for day, late in zip(dated, known, strict=True)]

    return rows


def _counts(draw: Draw) -> Row:
    few = st.sampled_from(["1", "0", "5"])
    return {"from_client": draw(few), "from_us": draw(few)}


def _measured(draw: Draw) -> Row:
    return {"metric": draw(st.sampled_from(["logins", "reports"])), "value": draw(st.sampled_from(["3", "0", "0.5"]))}


messages = _daily(_counts, 8)
usage = _daily(_measured, 4)


@st.composite
def episodes(draw: Draw, account: str, scene: Scene) -> list[Row]:
    """Waits, answered and open."""
    rows = []
    for number, opened_at in enumerate(draw(st.lists(scene.instants, max_size=6))):
        response = draw(st.none() | WAITS.map(opened_at.__add__))
        rows.append(
            {
                "episode": f"{account} episode {number}",
                "account": account,
                "opened_at": cell(opened_at),
                "first_response_at": cell(response),
                "recorded_at": recorded(draw, opened_at),
                "response_recorded_at": recorded(draw, response) if response else "",
            }
        )
    return rows


@st.composite
def feedback(draw: Draw, account: str, scene: Scene) -> list[Row]:
    """Wishes in every state."""
    rows = []
    for number, received_at in enumerate(draw(st.lists(scene.instants, max_size=4))):
        judged = draw(st.sampled_from(["yes", "yes", "no", ""]))
        done, fate = later(draw, received_at), draw(st.sampled_from(["implemented_at", "declined_at"]))
        rows.append(
            {
                "feedback": f"{account} wish {number}",
                "account": account,
                "text": "A wish",
                "actionable": judged,
                "received_at": cell(received_at),
                "triaged_at": cell(later(draw, received_at)) if judged else "",
                "implemented_at": "",
                "declined_at": "",
                "decline_reason": draw(st.sampled_from(["", "Too dear"])) if fate == "declined_at" else "",
                "client_told_at": cell(later(draw, received_at)),
                "recorded_at": recorded(draw, received_at),
                fate: cell(done),
            }
        )
    return rows
