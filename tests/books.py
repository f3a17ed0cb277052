"""A portfolio that came in as rows, and whoever puts it right."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Table, select

from kpi.model import KpiValue, Scope
from kpi.records.catalog import BY_NAME
from kpi.services.corrections import By, Corrections, Done, Row
from kpi.services.intake import Intake
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.store import tables
from kpi.store.store import Record, Store
from tests.builders import BERLIN, policy
from tests.fakes import FakeNow

BY = By("a test")
Counts = tuple[int, int, int]
"""Interactions, meetings and survey answers of a day."""


@dataclass
class Books:
    """Rows go in by `put`; `fix` puts them right."""

    store: Store
    now: FakeNow = field(default_factory=FakeNow)

    @property
    def intake(self) -> Intake:
        return Intake(self.store, self.now, BERLIN, "EUR")

    @property
    def fix(self) -> Corrections:
        return Corrections(self.intake)

    def put(self, entity: str, *rows: dict[str, Any]) -> None:
        taken = self.intake.put(BY_NAME[entity], rows, "a test")
        assert not taken.flaws, taken.flaws

    def accounts(self, *keys: str, **more: Any) -> None:
        """Accounts called by their keys."""
        self.put("accounts", *({"account": key, "name": key.capitalize(), **more} for key in keys))

    def term(self, account: str, starts_on: str, ends_on: str | None = None, **more: Any) -> None:
        self.put("terms", {"account": account, "starts_on": starts_on, "ends_on": ends_on, **more})

    def answer(self, key: str, account: str, score: int, answered_at: str, **more: Any) -> None:
        row = {"reply": key, "account": account, "instrument": "csat", "score": score, "answered_at": answered_at}
        self.put("replies", {**row, **more})

    def meet(self, key: str, account: str, occurred_at: str, **more: Any) -> None:
        row = {"interaction": key, "account": account, "kind": "meeting", "occurred_at": occurred_at}
        self.put("interactions", {**row, **more})

    def delete(self, entity: str, *, everything: bool = False, **key: Any) -> Done:
        return self.fix.delete(Row(entity, key), BY, everything=everything)

    def correct(self, entity: str, key: dict[str, Any], **values: Any) -> Done:
        return self.fix.correct(Row(entity, key), values, BY)

    def merge(self, old: str, into: str) -> Done:
        return self.fix.merge(old, into, BY)

    def rows(self, table: Table) -> list[Record]:
        with self.store.transaction() as tx:
            return tx.rows(select(table).where(tx.mine(table)).order_by(*table.primary_key.columns))

    def row(self, table: Table, **key: Any) -> Record:
        (found,) = [row for row in self.rows(table) if all(row[name] == value for name, value in key.items())]
        return found

    def key_of(self, table: Table, row_id: int | None) -> str | None:
        """What a stored id stands for."""
        found = [row["key"] for row in self.rows(table) if row[f"{table.name}_id"] == row_id]
        return found[0] if found else None

    def kpi(self, key: str, period: str, kind: str = "workspace", name: str | None = None, **more: Any) -> KpiValue:
        return Reports(self.store, policy(), self.now).answer(Question(key, period, Scope(kind, name), **more))

    def counted(self) -> dict[tuple[int, date], Counts]:
        """What account_day says of days on which something happened."""
        names = ("interactions", "meetings", "survey_answers")
        rows = self.rows(tables.account_day)
        told = {(row["account_id"], row["day"]): tuple(row[name] for name in names) for row in rows}
        return {day: counts for day, counts in told.items() if any(counts)}

    def recounted(self) -> dict[tuple[int, date], Counts]:
        """The same from the rows themselves, one by one."""
        found: dict[tuple[int, date], list[int]] = {}
        for row in self.rows(tables.interaction):
            if row["withdrawn_at"] is None:
                day = found.setdefault((row["account_id"], row["occurred_at"].astimezone(BERLIN).date()), [0, 0, 0])
                day[0] += 1
                day[1] += row["kind"] in ("meeting", "review")
        for row in self.rows(tables.reply):
            day = found.setdefault((row["account_id"], row["answered_at"].astimezone(BERLIN).date()), [0, 0, 0])
            day[2] += 1
        return {day: (one, two, three) for day, (one, two, three) in found.items()}
