"""Whatever happens in whatever order, with clocks that jump and messages that come late: nobody is asked too often."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kpi.errors import KpiError
from kpi.model import Instrument
from kpi.policy.surveys import Budget
from kpi.services.deliveries import HeldBack
from kpi.store import tables
from kpi.store.store import Record
from tests.agency import ACME, ANNA, BERLIN, Agency, click, policy, programme
from tests.fatigue import Asked, violations
from tests.fuzzing import examples, look
from tests.office import step, workspace

TIGHT = Budget(
    floor=timedelta(hours=6),
    between=timedelta(hours=26),
    same={Instrument.CSAT: timedelta(days=2), Instrument.NPS: timedelta(days=7)},
    account_asks=2,
    account_span=timedelta(days=3),
    channel_asks=2,
)
STRICT = Budget(
    floor=timedelta(hours=24),
    between=timedelta(days=3),
    same={Instrument.CSAT: timedelta(days=5), Instrument.NPS: timedelta(days=9)},
    account_asks=None,
    channel_asks=1,
)
ROUND = programme(key="relationship", instrument=Instrument.NPS, kinds=(), every=timedelta(days=7))
AFTER = programme(delay=timedelta(hours=1), expiry=timedelta(days=9), places=("thread", "dm"))
PEOPLE = {"carla": "U0CARLA", "carla2": "U0CARLA", "chris": "U0CHRIS", "otto": "U0OTTO"}


@dataclass
class Programme:
    """The live programme, and everything that can happen to it."""

    agency: Agency
    budget: Budget

    def __post_init__(self) -> None:
        agency = self.agency
        agency.policy = policy(AFTER, ROUND, budget=self.budget)
        self.contacts: dict[str, int | None] = {"carla": agency.carla, "nobody": None}
        self.homes = {"carla": agency.acme, "carla2": agency.globex, "chris": agency.acme, "otto": agency.globex}
        for name in ("carla2", "chris", "otto"):
            user = {"slack_user_id": PEOPLE[name], "slack_team_id": ACME}
            self.contacts[name] = agency.contact(name, self.homes[name], name, **user)
        agency.set(tables.account, channel_id="C0ACME")  # one channel for all accounts

    def log(self, who: str, number: int) -> None:
        account = self.homes.get(who, self.agency.acme)
        told: dict[str, Any] = {"account": account, "contact": self.contacts[who], "external_id": f"i{number}"}
        with suppress(KpiError):
            self.agency.log(**told, by=None, source="crm", logged_by="api")

    def wait(self, hours: int) -> None:
        self.agency.now.move(hours=hours)

    def post(self) -> None:
        self.agency.surveys.post_due(self.agency.now())

    def plan(self) -> None:
        self.agency.surveys.plan(self.agency.now())

    def deliver(self, outcome: str) -> None:
        """The oldest queued message meets this fate."""
        for row in self.agency.messages("survey"):
            if row["state"] != "queued":
                continue
            with suppress(HeldBack):
                claim = self.agency.deliveries.claim(row["delivery_id"])
                if claim is not None:
                    self._settle(claim, outcome)
            return

    def _settle(self, claim: Any, outcome: str) -> None:
        deliveries = self.agency.deliveries
        if outcome == "sent":
            deliveries.sent(claim, f"1790000{claim.delivery_id:03}.000100")
        elif outcome == "doubtful":
            deliveries.uncertain(claim, "the connection broke")
        elif outcome == "gone":
            deliveries.refused(claim, "channel_not_found")
        else:
            deliveries.held(claim, 40)

    def tick(self) -> None:
        """Time goes by, what is due is asked, and it all arrives."""
        self.wait(2)
        self.post()
        for _ in self.agency.messages("survey"):
            self.deliver("sent")

    def click(self) -> None:
        """Somebody presses a score below the newest question: it did arrive."""
        for row in reversed(self.agency.rows(tables.survey)):
            if row["state"] in ("scheduled", "posted"):
                with suppress(KpiError):
                    self.agency.surveys.reply(click(row, 4))
                return

    def cancel(self) -> None:
        for row in self.agency.rows(tables.survey):
            if row["state"] == "scheduled":
                with suppress(KpiError):
                    self.agency.surveys.cancel(row["survey_id"], ANNA, "not now")
                return

    def asked(self) -> Iterator[Asked]:
        """What may have reached somebody, with the person behind each contact."""
        person = {contact: PEOPLE[name] for name, contact in self.contacts.items() if contact}
        lost = {row["survey_id"]: row["finished_at"] for row in self.agency.messages("survey")
                if row["state"] == "unknown"}  # fmt: skip
        for row in self.agency.rows(tables.survey):
            at = row["posted_at"] or lost.get(row["survey_id"])
            if at is not None:
                user = person.get(row["contact_id"])
                place = "C0ACME" if self._is_in_channel(row) else None
                number = None if user is None else sorted(set(PEOPLE.values())).index(user)
                yield Asked(row["account_id"], number, Instrument(row["instrument"]), place, at)

    def _is_in_channel(self, row: Record) -> bool:
        return bool(row["place"] == "thread")


STEPS = st.one_of(
    *[step("log", st.sampled_from(["carla", "carla2", "chris", "otto", "nobody"]), st.integers(0, 12))] * 3,
    step("wait", st.sampled_from([1, 5, 20, 25, 25, 40, 73, -1, -26])),
    step("tick"),
    step("tick"),
    step("tick"),
    step("post"),
    step("plan"),
    step("deliver", st.sampled_from(["sent", "sent", "sent", "doubtful", "gone", "later"])),
    step("click"),
    step("cancel"),
)


@examples(25, 600)
def test_no_order_of_events_and_no_clock_breaks_a_budget(shared_engine: Engine, count: int) -> None:
    @given(steps=st.lists(STEPS, min_size=20, max_size=70), budget=st.sampled_from([TIGHT, STRICT]))
    def holds(steps: list[tuple[str, Any]], budget: Budget) -> None:
        programme = Programme(Agency(workspace(shared_engine)), budget)
        for name, arguments in steps:
            getattr(programme, name)(*arguments)
            assert violations(budget, programme.asked(), BERLIN) == []
        event(f"{min(len(list(programme.asked())), 6)} asked")

    look(holds, count)
