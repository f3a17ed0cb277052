"""A portfolio in a real database, from as few words as possible."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, select

from kpi.policy import KpiDefinition, Policy, SurveyPolicy, WorkspacePolicy
from kpi.services.surveys.rehearsal import Rehearsal
from kpi.services.surveys.words import Ways
from kpi.store import tables
from kpi.store.store import Record, Store

BERLIN = ZoneInfo("Europe/Berlin")
DEFINITIONS = {
    definition.key: definition
    for definition in (
        KpiDefinition("csat", "Client satisfaction", "How satisfied are clients?", "percent", "up", "4 or 5 / all", 1,
                      synonyms=("satisfaction", "client satisfaction score"), target=80),
        KpiDefinition("nps", "Net promoter score", "Would clients recommend us?", "points", "up", "P - D", 1),
        KpiDefinition("churn", "Client churn", "Whom have we lost?", "percent", "down", "lost / active at start", 1,
                      synonyms=("lost clients",)),
    )
}  # fmt: skip


def policy(zone: ZoneInfo = BERLIN, **csat: Any) -> Policy:
    """A workspace's decisions: the three KPIs, CSAT changed as said, and nothing about surveys."""
    definitions = {**DEFINITIONS, "csat": replace(DEFINITIONS["csat"], **csat)}
    return Policy(WorkspacePolicy(zone, "EUR"), definitions, SurveyPolicy({}))


def rehearsal(store: Store) -> Rehearsal:
    """What the programmes of such a workspace, which has none, would have asked."""
    return Rehearsal(store, policy(), Ways(), lambda: at("2026-10-05"))


def at(day: str, hour: int = 12) -> datetime:
    """An instant of a day, at an hour in UTC."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


@dataclass
class Portfolio:
    """Accounts, their terms and what their people answered."""

    store: Store
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def row(self, table: Table, **values: Any) -> Record:
        with self.store.transaction() as tx:
            return tx.insert(table, values)

    def rows(self, table: Table) -> list[Record]:
        with self.store.transaction() as tx:
            return tx.rows(select(table).where(tx.mine(table)).order_by(*table.primary_key.columns))

    def owner(self, name: str) -> int:
        return int(self.row(tables.owner, key=name.lower(), name=name)["owner_id"])

    def account(self, name: str, **more: Any) -> int:
        return int(self.row(tables.account, **{"key": f"key-{name.lower()}", "name": name, **more})["account_id"])

    def contact(self, account_id: int, name: str) -> int:
        return int(self.row(tables.contact, account_id=account_id, key=name.lower(), name=name)["contact_id"])

    def term(self, account_id: int, starts_on: str, ends_on: str | None = None, **more: Any) -> None:
        end = None if ends_on is None else date.fromisoformat(ends_on)
        first = date.fromisoformat(starts_on)
        self.row(tables.account_term, account_id=account_id, starts_on=first, ends_on=end, **more)

    def survey(self, account_id: int, state: str, **more: Any) -> int:
        token = f"token-{next(self.numbers)}"
        usual = {"instrument": "csat", "wording_version": "1", "locale": "en", "recorded_at": at("2026-01-01")}
        values = {"account_id": account_id, "token": token, "state": state, **usual, **more}
        return int(self.row(tables.survey, **values)["survey_id"])

    def reply(self, account_id: int, score: int, answered_at: datetime, **more: Any) -> int:
        """An answer, recorded as it was given unless said otherwise."""
        who = f"person {next(self.numbers)}"
        times = {"answered_at": answered_at, "edited_at": answered_at, "recorded_at": answered_at}
        usual = {"instrument": "csat", "respondent": who, "score": score, **times}
        return int(self.row(tables.reply, account_id=account_id, **{**usual, **more})["reply_id"])

    def edited(self, reply_id: int, versions: Sequence[tuple[int, datetime]]) -> None:
        """Everything a reply said; the reply's own row must hold the last of it."""
        for revision, (score, said_at) in enumerate(versions, 1):
            times = {"answered_at": said_at, "recorded_at": said_at}
            self.row(tables.reply_edit, reply_id=reply_id, revision=revision, score=score, **times)

    def answers(self, scores: Sequence[int], day: str, **more: Any) -> None:
        """One answer each from an account of its own."""
        for number, score in enumerate(scores):
            account_id = self.account(f"Client {next(self.numbers):03}")
            self.reply(account_id, score, at(day) + timedelta(minutes=number), **more)
