"""Facts that come in while somebody asks: written by the services that take them, seconds old."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from benchmarks.history import Opened
from bot.clock import utc_now
from bot.services import build_intake
from kpi.model import Actor
from kpi.periods import local_day
from kpi.records.catalog import BY_NAME
from kpi.services.surveys.words import Click, LogRequest
from kpi.store import surveys
from kpi.store.tables import account, account_day, account_term, contact

CLIENT = Actor("U0CARLA", "T0CLIENT", "carla")
CHANNEL = "C0ACME"

Row = Mapping[str, Any]


class Facts:
    """Writes facts into a history; every run has keys of its own."""

    def __init__(self, opened: Opened) -> None:
        self._services = opened.services
        self._intake = build_intake(opened.settings, opened.services.store, utc_now)
        self._today = local_day(utc_now(), opened.settings.policy.workspace.timezone)
        self._run = uuid4().hex[:8]
        self._numbers = count()
        self._runs_on = True
        self.accounts = self._running()

    def write(self, kpi: str) -> None:
        """One fact the KPI reads, committed on return: a term that ends or runs on, an answer, a call, a wait."""
        entity, row = ROWS[kpi](self, next(self._numbers))
        taken = self._intake.put(BY_NAME[entity], [row], "benchmark")
        if taken.new + taken.changed != 1:
            raise RuntimeError(f"the fact for {kpi} was not taken: {taken}")

    def question(self) -> str:
        """A question as it stands in a client's channel, answered by nobody yet; its token."""
        number, now = next(self._numbers), utc_now()
        token, (_, account_id, _) = self.key(number), self.accounts[number % len(self.accounts)]
        times = {"recorded_at": now, "due_at": now, "posted_at": now, "expires_at": now + timedelta(days=7)}
        said = {"instrument": "csat", "wording_version": "csat-en-1", "locale": "en", "state": "posted"}
        whose = {"account_id": account_id, "slack_user_id": CLIENT.user_id, "slack_team_id": CLIENT.team_id}
        with self._services.store.transaction() as tx:
            tx.insert_once(contact, {"key": token, "name": CLIENT.name, **whose})  # or the answer would wait
            surveys.add(tx, {"token": token, "account_id": account_id, "channel_id": CHANNEL, **said, **times})
        return token

    def answer(self, token: str) -> None:
        """A client's press of a 5."""
        self._services.surveys.reply(Click(CLIENT, token, 5, CHANNEL, None))

    def log(self, key: str) -> None:
        """An interaction a program logs at an account; nobody is asked anything after an email."""
        name = self.key(next(self._numbers))
        self._services.surveys.log(
            LogRequest(
                account=key,
                kind="email",
                occurred_at=utc_now(),
                source="benchmark",
                external_id=name,
                logged_by="benchmark",
            )
        )

    def term(self, _number: int) -> tuple[str, Row]:
        """The first account ends with the last month, and the next time runs on."""
        key, _, starts_on = self.accounts[0]
        self._runs_on = not self._runs_on
        ends_on = None if self._runs_on else self._today.replace(day=1).isoformat()
        return "terms", {"account": key, "starts_on": starts_on.isoformat(), "ends_on": ends_on}

    def row(self, number: int) -> dict[str, Any]:
        """What any new row of an account begins with."""
        return {"account": self.accounts[number % len(self.accounts)][0]}

    def key(self, number: int) -> str:
        """A key nothing else has."""
        return f"bench-{self._run}-{number}"

    def quiet(self, count: int) -> list[str]:
        """The keys of so many accounts, other than the first, of which nothing was logged today."""
        logged = select(account_day.c.account_id).where(
            account_day.c.workspace_id == account.c.workspace_id,
            account_day.c.account_id == account.c.account_id,
            account_day.c.day == self._today,
            account_day.c.interactions > 0,
        )
        known = [key for key, _, _ in self.accounts[1:]]
        with self._services.store.transaction() as tx:
            found = select(account.c.key).where(tx.mine(account), account.c.key.in_(known), ~logged.exists())
            return list(tx.connection.execute(found.order_by(account.c.key).limit(count)).scalars())

    def _running(self) -> list[tuple[str, int, date]]:
        """Accounts that are clients and stay so: key, id, and the day their running term began."""
        began = select(account.c.key, account.c.account_id, account_term.c.starts_on)
        runs = (account_term.c.ends_on.is_(None), account_term.c.starts_on < self._today.replace(day=1))
        with self._services.store.transaction() as tx:
            joined = began.join(account_term, account_term.c.account_id == account.c.account_id)
            found = tx.connection.execute(joined.where(tx.mine(account), *runs).order_by(account.c.key)).all()
        return [(key, account_id, starts_on) for key, account_id, starts_on in found]


def _ago(**length: float) -> str:
    return (utc_now() - timedelta(**length)).isoformat()


def _reply(facts: Facts, number: int) -> tuple[str, Row]:
    said = {"reply": facts.key(number), "survey": None, "instrument": "csat", "score": 1 + number % 5}
    return "replies", facts.row(number) | said | {"answered_at": _ago(seconds=1)}


def _call(facts: Facts, number: int) -> tuple[str, Row]:
    said = {"interaction": facts.key(number), "kind": "call", "occurred_at": _ago(seconds=1)}
    return "interactions", facts.row(number) | said


def _wait(facts: Facts, number: int) -> tuple[str, Row]:
    said = {"episode": facts.key(number), "opened_at": _ago(hours=2), "first_response_at": _ago(hours=1)}
    return "episodes", facts.row(number) | said


ROWS: Mapping[str, Callable[[Facts, int], tuple[str, Row]]] = {
    "churn": Facts.term,
    "csat": _reply,
    "communication_frequency": _call,
    "response_time": _wait,
}
"""Of each KPI a fact it reads: the file it would stand in, and the row."""
