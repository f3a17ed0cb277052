"""Writing what a form asks for: the owner, the account, its term, amounts and contacts, and what changed by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi.errors import KpiError, Misfilled
from kpi.model import Person
from kpi.records.entity import Entity
from kpi.records.portfolio import ACCOUNTS, CONTACTS, OWNERS, REVENUE, TERMS
from kpi.services.accounts import contacts, keys, picture
from kpi.services.accounts.drafting import Draft, Drafting, Row
from kpi.services.accounts.words import Saved, Wish
from kpi.services.intake import Intake
from kpi.store import accounts, audit, portfolio
from kpi.store.store import Record, Tx

EDITED = "account.edit"
GONE = "That account does not exist any more; nothing was changed."
_FIELDS = {
    ("accounts", "timezone"): "zone",
    ("accounts", "channel_id"): "channel",
    ("revenue", "starts_on"): "amount_from",
    ("contacts", "slack_user_id"): "contacts",
}
"""The fields that are called otherwise than their column."""


@dataclass(frozen=True)
class Saving:
    """Saves within the transaction it is given; `people` are the picked users and whoever saves, as far as known."""

    tx: Tx
    intake: Intake
    people: Mapping[str, Person]
    now: datetime

    def run(self, wish: Wish) -> Saved:
        """Save a form; sent again, it changes nothing more. Misfilled with every fault, KpiError: nothing written."""
        account_id = wish.account_id or portfolio.made_by(self.tx, wish.form_id)
        before = picture.taken(self.tx, account_id)
        stored = portfolio.find(self.tx, account_id) if account_id else None
        if account_id is not None and stored is None:
            raise KpiError(GONE)
        zone, currency = self.intake.zone, self.intake.currency
        draft = Drafting(self.tx, wish, stored, self.people, zone, currency, self.now).run()
        account = self._write(draft, stored)
        after = picture.taken(self.tx, account["account_id"])
        return self._noted(wish, account["account_id"], (before, after))

    def _write(self, draft: Draft, stored: Record | None) -> Record:
        key = stored["key"] if stored else keys.new_key(self.tx, "accounts", draft.account["name"])
        owner = {"owner": self._owner(draft.owner)} if draft.owner and "owner" in draft.account else {}
        known = {} if stored else {"recorded_at": self.now.isoformat()}
        self._put(ACCOUNTS, {**draft.account, **owner, **known, "account": key})
        account = self._row(key)
        if draft.moved:
            portfolio.move_term(self.tx, *draft.moved)
        self._put(TERMS, *({**row, "account": key} for row in (draft.term,) if row))
        self._put(REVENUE, *({**row, "account": key} for row in draft.revenue))
        self.confirm(account, draft.people)
        return account

    def confirm(self, account: Record, people: tuple[Person, ...]) -> None:
        """Make these people contacts of the account."""
        known = contacts.by_user(portfolio.contacts(self.tx, account["account_id"]))
        self._put(CONTACTS, *(contacts.row(account, each, known.get(each.user_id), self.now) for each in people))

    def _owner(self, row: Row) -> str:
        key = keys.new_key(self.tx, "owners", row["name"])
        self._put(OWNERS, {**row, "owner": key, "recorded_at": self.now.isoformat()})
        return key

    def _put(self, entity: Entity, *rows: Mapping[str, Any]) -> None:
        for flaw in self.intake.put_in(self.tx, entity, rows).flaws if rows else ():
            field = _FIELDS.get((entity.name, flaw.column), flaw.column)
            raise Misfilled(field, f"{flaw.text[:1].upper()}{flaw.text[1:]}.")

    def _row(self, key: str) -> Record:
        found = accounts.find(self.tx, key)
        row = portfolio.find(self.tx, found.id) if found else None
        if row is None:
            raise KpiError(GONE)
        return row

    def _noted(self, wish: Wish, account_id: int, pictures: tuple[picture.Picture, picture.Picture]) -> Saved:
        before, after = pictures
        changes = picture.changes(before, after)
        act, noted = (self.tx, self.now, wish.by.user_id), None
        if not before:
            made = {**after, "form": wish.form_id}
            noted = audit.add(*act, portfolio.CREATED, f"account:{account_id}", after=made)
        elif changes:
            was, now = ({field: pair[side] for field, pair in changes.items()} for side in (0, 1))
            noted = audit.add(*act, EDITED, f"account:{account_id}", before=was, after=now)
        account = accounts.find(self.tx, account_id)
        if account is None:
            raise KpiError(GONE)
        return Saved(account, not before, changes, noted)
