"""Everything that can happen to a portfolio, and how to draw it: taken in, logged, answered, put right, refused."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from kpi.errors import KpiError
from kpi.model import Actor
from kpi.records.catalog import BY_NAME
from kpi.services.surveys.words import Click
from kpi.store import tables
from kpi.store.store import Store
from tests.agency import ACME, Agency
from tests.books import BY, Books
from tests.builders import at

ACCOUNTS = st.sampled_from(["acme", "globex", "quiet", "initech"])
PEOPLE = st.sampled_from(["carla", "otto", "mia"])
KEYS = st.integers(0, 4)
# Around midnight in Berlin: a local day is not a day in UTC.
INSTANTS = st.sampled_from(
    ["2026-09-01T10:00:00Z", "2026-09-01T21:59:00Z", "2026-09-01T22:01:00Z", "2026-09-02T09:00:00Z"]
)
KINDS = st.sampled_from(["meeting", "call", "review"])


class Office:
    """Everything that can happen to a portfolio; what is refused changes nothing."""

    def __init__(self, store: Store) -> None:
        self.agency = Agency(store)
        self.books = Books(store, self.agency.now)
        self.books.accounts("initech")
        for number, (person, account) in enumerate((("otto", "globex"), ("mia", "initech"))):
            self.books.put("contacts", {"contact": person, "account": account, "slack_user_id": f"U0X{number}"})

    def interactions(self, rows: list[tuple[int, str, str, str]]) -> None:
        self._put("interactions", [{"interaction": f"i{key}", "account": account, "occurred_at": instant, "kind": kind}
                                   for key, account, instant, kind in rows])  # fmt: skip

    def answers(self, rows: list[tuple[int, str, str, int]]) -> None:
        self._put("replies", [{"reply": f"r{key}", "account": account, "instrument": "csat", "answered_at": instant,
                               "score": score} for key, account, instant, score in rows])  # fmt: skip

    def survey_answers(self, key: int, account: str, person: str, instant: str) -> None:
        asked = {"survey": f"s{key}", "account": account, "instrument": "csat", "state": "answered"}
        self._put("surveys", [{**asked, "posted_at": "2026-09-01T08:00:00Z"}])
        said = {"reply": f"q{key}-{person}-{instant}", "survey": f"s{key}", "contact": person, "score": 3}
        self._put("replies", [{**said, "answered_at": instant}])

    def messages(self, account: str, count: int) -> None:
        self._put("messages", [{"account": account, "day": "2026-09-01", "from_client": count, "from_us": 0}])

    def log(self, key: int, account: str, kind: str) -> None:
        origin = {"source": "crm", "external_id": str(key), "logged_by": "api:crm", "by": None}
        self._try(lambda: self.agency.log(account=account, contact=None, kind=kind, **origin))

    def click(self, account: str, score: int) -> None:
        """A client answers a question posted in the account's channel."""
        ids = {row["key"]: row["account_id"] for row in self.books.rows(tables.account)}
        if account not in ids:
            return
        token = f"live-{len(self.books.rows(tables.survey))}"
        values = {"account_id": ids[account], "state": "posted", "token": token, "instrument": "csat"}
        words = {"wording_version": "1", "locale": "en", "posted_at": at("2026-09-01"), "channel_id": "C0ACME"}
        self.agency.row(tables.survey, **values, **words, recorded_at=at("2026-09-01"))
        click = Click(Actor("U0CARLA", ACME, "Carla"), token, score, "C0ACME", "1.1")
        self._try(lambda: self.agency.surveys.reply(click))

    def merge(self, old: str, into: str) -> None:
        self._try(lambda: self.books.merge(old, into))

    def move(self, person: str, account: str) -> None:
        self._try(lambda: self.books.fix.move(person, account, BY))

    def delete(self, entity: str, key: str) -> None:
        name = BY_NAME[entity].key[0]
        self._try(lambda: self.books.delete(entity, everything=True, **{name: key}))

    def correct(self, entity: str, key: str, values: dict[str, Any]) -> None:
        name = BY_NAME[entity].key[0]
        self._try(lambda: self.books.correct(entity, {name: key}, **values))

    def _put(self, entity: str, rows: list[dict[str, Any]]) -> None:
        self.books.intake.put(BY_NAME[entity], rows, "a test")

    def _try(self, what: Callable[[], object]) -> None:
        before = self.books.counted()
        try:
            what()
        except KpiError:
            assert self.books.counted() == before


def step(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, tuple[Any, ...]]]:
    return st.tuples(st.just(name), st.tuples(*arguments))


def key_of(letter: str) -> st.SearchStrategy[str]:
    return KEYS.map(lambda number: f"{letter}{number}")


SCORES = st.integers(1, 5)
MEETING = st.fixed_dictionaries({}, optional={"occurred_at": INSTANTS, "kind": KINDS, "account": ACCOUNTS})
ANSWER = st.fixed_dictionaries({}, optional={"answered_at": INSTANTS, "score": SCORES, "account": ACCOUNTS})
STEPS = st.one_of(
    step("interactions", st.lists(st.tuples(KEYS, ACCOUNTS, INSTANTS, KINDS), max_size=3)),
    step("answers", st.lists(st.tuples(KEYS, ACCOUNTS, INSTANTS, SCORES), max_size=3)),
    step("survey_answers", KEYS, ACCOUNTS, PEOPLE, INSTANTS),
    step("messages", ACCOUNTS, st.integers(0, 9)),
    step("log", KEYS, ACCOUNTS, KINDS),
    step("click", ACCOUNTS, SCORES),
    step("merge", ACCOUNTS, ACCOUNTS),
    step("move", PEOPLE, ACCOUNTS),
    step("delete", st.just("interactions"), key_of("i")),
    step("delete", st.just("replies"), key_of("r")),
    step("delete", st.just("surveys"), key_of("s")),
    step("delete", st.just("contacts"), PEOPLE),
    step("delete", st.just("accounts"), ACCOUNTS),
    step("correct", st.just("interactions"), key_of("i"), MEETING),
    step("correct", st.just("replies"), key_of("r"), ANSWER),
)


def workspace(engine: Engine) -> Store:
    with engine.begin() as connection:
        made = insert(tables.workspace).values(name="workspace", created_at=at("2026-01-01"))
        return Store(engine, connection.execute(made.returning(tables.workspace.c.workspace_id)).scalar_one())
