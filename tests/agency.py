"""An agency with its clients in a real database, and the survey programme around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, select, update

from bot.blocks.account_saved import saved_message
from bot.blocks.people_card import people_card
from bot.blocks.setup_offer import setup_offer
from kpi.model import Actor, Instrument, Person
from kpi.policy import Policy, SurveyPolicy, Wording, WorkspacePolicy
from kpi.policy.surveys import Budget, Programme
from kpi.services.accounts import Accounts
from kpi.services.accounts.words import Phrasing as AccountPhrasing
from kpi.services.deliveries import Claim, Deliveries
from kpi.services.intake import Intake
from kpi.services.people import People
from kpi.services.surveys import Surveys
from kpi.services.surveys.words import Click, Logged, LogRequest, Phrasing, Ways
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.fakes import FakeDirectory, FakeNow, RecordingQueue

HOME, ACME, GLOBEX = "T0HOME00", "T0CLIENT", "T0OTHER0"
ANNA, GUEST, ROBOT = Actor("U0ANNA", HOME, "anna"), Actor("U0GUEST", HOME, "gina"), Actor("U0ROBOT", HOME, "robot")
CARLA, CHRIS, OTTO = Actor("U0CARLA", ACME, "carla"), Actor("U0CHRIS", ACME, "chris"), Actor("U0OTTO", GLOBEX, "otto")
NOBODY = Actor("U0NOBODY", HOME, "nobody")

CSAT_EN = Wording(
    "csat-en-1", "How satisfied were you?", "Very dissatisfied", "Very satisfied", "Thank you!", "What is the reason?",
    ("Very dissatisfied", "Dissatisfied", "Neither", "Satisfied", "Very satisfied"),
)  # fmt: skip
CSAT_DE = Wording("csat-de-1", "Wie zufrieden waren Sie?", "gar nicht", "sehr", "Danke!", "Was ist der Grund?")
NPS_EN = Wording("nps-en-1", "Would you recommend us?", "Not at all", "Extremely", "Thank you!", "What is the reason?")
WORDINGS = {
    (Instrument.CSAT, "en"): CSAT_EN,
    (Instrument.CSAT, "de"): CSAT_DE,
    (Instrument.NPS, "en"): NPS_EN,
}
PLAIN = Phrasing(
    question=lambda asked: {"text": asked.wording.question, "token": asked.token},
    thanks=lambda token, wording, _: {"text": wording.thanks, "token": token},
    logged=lambda logged: {"text": f"Logged for {logged.account.name}"},
)


BERLIN = ZoneInfo("Europe/Berlin")
KINDS = ("meeting", "call", "review", "delivery", "support")
FLOOR_ONLY = Budget(timedelta(hours=24), timedelta(0), {}, None, timedelta(0), None, timedelta(0))
"""Nothing but a day between two questions to a person."""


def programme(**more: Any) -> Programme:
    """CSAT three hours after an interaction, at any hour, without reminders and links."""
    usual = {"key": "after_contact", "instrument": Instrument.CSAT, "kinds": KINDS, "working_hours": False}
    return Programme(**{**usual, "reminder": None, "link": None, **more})


def policy(*programmes: Programme, budget: Budget = FLOOR_ONLY, **more: Any) -> Policy:
    """A workspace in Berlin with one such programme, changed as said, or with those that are given."""
    workspace = WorkspacePolicy(ZoneInfo("Europe/Berlin"), "EUR")
    wordings = more.pop("wordings", WORDINGS)
    asked = programmes or (programme(**more),)
    return Policy(workspace, {}, SurveyPolicy(wordings=wordings, programmes=asked, budget=budget))


def directory() -> FakeDirectory:
    """Slack's address book of the agency and its clients."""
    people = (
        Person("U0ANNA", HOME, "Anna Arendt"),
        Person("U0GUEST", HOME, "Gina Guest", is_guest=True),
        Person("U0ROBOT", HOME, "Build Bot", is_bot=True),
        Person("U0CARLA", ACME, "Carla Client"),
    )
    return FakeDirectory({person.user_id: person for person in people}, {"C0ACME": True, "C0TEAM": False})


@dataclass
class Agency:
    """Acme (contact Carla, channel C0ACME, owner Anna), Globex (channel C0GLOBEX, nobody known) and Quiet (none)."""

    store: Store
    now: FakeNow = field(default_factory=FakeNow)
    queue: RecordingQueue = field(default_factory=RecordingQueue)
    directory: FakeDirectory = field(default_factory=directory)
    policy: Policy = field(default_factory=policy)
    phrasing: Phrasing = PLAIN
    ways: Ways = field(default_factory=Ways)
    chance: Callable[[], float] = lambda: 0.0  # every draw takes

    def __post_init__(self) -> None:
        self.anna = self.row(tables.owner, key="anna", name="Anna Arendt", slack_user_id="U0ANNA")["owner_id"]
        self.acme = self.account("acme", "Acme GmbH", channel_id="C0ACME", owner_id=self.anna)
        self.globex = self.account("globex", "Globex Ltd", channel_id="C0GLOBEX")
        self.quiet = self.account("quiet", "Quiet KG")
        self.carla = self.contact("carla", self.acme, "Carla Client", slack_user_id="U0CARLA", slack_team_id=ACME)

    @property
    def people(self) -> People:
        return People(self.store, self.directory, self.now, lambda: HOME)

    @property
    def surveys(self) -> Surveys:
        everything = (self.store, self.queue, self.now, self.policy, self.people, self.phrasing, self.ways)
        return Surveys(*everything, self.chance)

    @property
    def intake(self) -> Intake:
        workspace = self.policy.workspace
        return Intake(self.store, self.now, workspace.timezone, workspace.currency)

    @property
    def accounts(self) -> Accounts:
        spoken = AccountPhrasing(setup_offer, saved_message, people_card)
        return Accounts(self.store, self.queue, self.now, self.policy, self.people, self.intake, spoken)

    @property
    def deliveries(self) -> Deliveries:
        subjects = dict.fromkeys(("survey", "reminder", "invitation"), self.surveys)
        return Deliveries(self.store, self.queue, self.now, subjects, lambda delivery: {"text": delivery["state"]})

    def row(self, table: Table, **values: Any) -> Record:
        with self.store.transaction() as tx:
            return tx.insert(table, values)

    def account(self, key: str, name: str, **more: Any) -> int:
        return int(self.row(tables.account, key=key, name=name, **more)["account_id"])

    def contact(self, key: str, account_id: int, name: str, **more: Any) -> int:
        return int(self.row(tables.contact, key=key, account_id=account_id, name=name, **more)["contact_id"])

    def rows(self, table: Table) -> list[Record]:
        with self.store.transaction() as tx:
            return tx.rows(select(table).where(tx.mine(table)).order_by(*table.primary_key.columns))

    def only(self, table: Table) -> Record:
        (row,) = self.rows(table)
        return row

    def count(self, table: Table) -> int:
        with self.store.transaction() as tx:
            return int(tx.value(select(func.count()).select_from(table).where(tx.mine(table))))

    def set(self, table: Table, **values: Any) -> None:
        with self.store.transaction() as tx:
            tx.run(update(table).where(tx.mine(table)).values(**values))

    def request(self, **more: Any) -> LogRequest:
        """A meeting with Carla just now, logged by Anna in Slack."""
        usual = {"account": self.acme, "contact": self.carla, "kind": "meeting", "occurred_at": self.now()}
        origin = {"source": "slack", "external_id": uuid4().hex, "logged_by": "U0ANNA", "by": ANNA}
        return LogRequest(**{**usual, **origin, **more})

    def log(self, **more: Any) -> Logged:
        return self.surveys.log(self.request(**more))

    def asked(self, **more: Any) -> Record:
        """A survey whose question was posted to the channel."""
        logged = self.log(**more)
        self.now.at = logged.due_at or self.now()
        self.post()
        return self.survey(logged.survey_id)

    def survey(self, survey_id: int | None) -> Record:
        (row,) = [row for row in self.rows(tables.survey) if row["survey_id"] == survey_id]
        return row

    def post(self) -> None:
        """Queue what is due and have it all arrive."""
        self.surveys.post_due(self.now())
        self.surveys.follow_up(self.now())
        for row in self.rows(tables.delivery):
            if row["kind"] in ("survey", "reminder", "invitation") and row["state"] == "queued":
                claim = self.claim(row["delivery_id"])
                self.deliveries.sent(claim, f"17900000{claim.delivery_id:02}.000100")

    def claim(self, delivery_id: int) -> Claim:
        claim = self.deliveries.claim(delivery_id)
        assert claim is not None
        return claim

    def messages(self, kind: str) -> list[Record]:
        return [row for row in self.rows(tables.delivery) if row["kind"] == kind]

    def unanswered(self) -> Record:
        """A survey whose delivery nobody can confirm."""
        logged = self.log()
        self.now.move(hours=3)
        self.surveys.post_due(self.now())
        (message,) = self.messages("survey")
        self.deliveries.uncertain(self.claim(message["delivery_id"]), "the connection broke")
        return self.survey(logged.survey_id)


def click(survey: Mapping[str, Any], score: int, actor: Actor = CARLA, **more: Any) -> Click:
    """A press of a score's button below the posted question."""
    place = {"channel_id": "C0ACME", "message_ts": survey["message_ts"] or "1790000000.000900"}
    return Click(**{"actor": actor, "token": survey["token"], "score": score, **place, **more})
