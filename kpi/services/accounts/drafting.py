"""From a form as sent to the rows it asks for, checked against what is stored; all that is wrong at once, by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kpi.errors import Misfilled
from kpi.model import Person
from kpi.records.kinds import Misread
from kpi.records.reading import shown
from kpi.services.accounts import amounts, contacts, reading, terms
from kpi.services.accounts.words import FIELDS, ME, Wish
from kpi.store import accounts, portfolio, scopes
from kpi.store.store import Record, Tx

_PLAIN = {"segment": "segment", "language": "language", "zone": "timezone", "channel": "channel_id"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written: columns of the account, `moved` (a term with its new days), a term's row, amounts."""

    account: Row
    owner: Row | None
    term: Row | None
    moved: tuple[int, date, date | None] | None
    revenue: tuple[Row, ...]
    people: tuple[Person, ...]


@dataclass
class Drafting:
    """Reads one form. `account` is the stored one, None where a new one is wanted; `people` who the picked users are.

    `currency` is that of amounts that name none at accounts that have none.
    """

    tx: Tx
    wish: Wish
    account: Record | None
    people: Mapping[str, Person]
    zone: ZoneInfo
    currency: str
    now: datetime
    faults: dict[str, str] = field(default_factory=dict)

    def run(self) -> Draft:
        """The rows; Misfilled with every fault."""
        said, self.faults = reading.texts(self.wish.said, self.zone)
        self._check_names(said)
        owner, made = self._owner()
        account = self._columns(said) | ({"owner": owner} if "owner" in self._changed else {})
        moved, term = self._term(said)
        draft = Draft(account, made, term, moved, self._revenue(said), self._contacts())
        if self.faults:
            raise Misfilled(*next(iter(self.faults.items())), **self.faults)
        return draft

    @property
    def _changed(self) -> frozenset[str]:
        """Of a new account, and one that this very form made a moment ago, all that is said counts."""
        return frozenset(FIELDS) if self.wish.account_id is None else self.wish.changed

    @property
    def _id(self) -> int | None:
        return None if self.account is None else int(self.account["account_id"])

    def _fault(self, name: str, sentence: str | None) -> None:
        if sentence:
            self.faults.setdefault(name, sentence)

    def _check_names(self, said: Mapping[str, str]) -> None:
        other = portfolio.namesake(self.tx, said["name"], self._id) if "name" in self._changed else None
        self._fault("name", other and f"There is an account “{other}” already; please tell them apart.")
        if said["channel"] and "channel" in self._changed:
            for holder in accounts.in_channel(self.tx, said["channel"]):
                if holder.id != self._id:
                    self._fault("channel", f"That channel belongs to {holder.name}; an account has one of its own.")

    def _columns(self, said: Mapping[str, str]) -> Row:
        name = said["name"] if self.account is None or "name" in self._changed else self.account["name"]
        columns = {column: said[each] for each, column in _PLAIN.items() if each in self._changed}
        if columns.get("segment"):
            columns["segment"] = self._spelling(columns["segment"])
        return {"name": name, **columns}

    def _spelling(self, segment: str) -> str:
        """As the segment is spelt where it is in use, so that a capital letter makes no new one."""
        used = (named.name for named in scopes.named(self.tx, "segment"))
        return next((name for name in used if name.casefold() == segment.casefold()), segment)

    def _owner(self) -> tuple[str, Row | None]:
        """The owner's key, and the row of one who is none yet: its key is made when it is written."""
        said, by = self.wish.said.get("owner", ""), self.wish.by
        if said == ME:
            known, someone = portfolio.owner_of(self.tx, by.user_id), self.people.get(by.user_id)
            name = (someone.name if someone else "") or by.name or by.user_id
            return (known["key"], None) if known else ("", {"name": name, "slack_user_id": by.user_id})
        found = portfolio.find_owner(self.tx, int(said)) if said.isdecimal() and len(said) < 18 else None
        if said and found is None:
            self._fault("owner", "Please choose one of the owners of the menu.")
        return (found["key"] if found else ""), None

    def _term(self, said: Mapping[str, str]) -> tuple[tuple[int, date, date | None] | None, Row | None]:
        stored = portfolio.terms(self.tx, self._id) if self._id else []
        last = stored[-1] if stored else None
        want = terms.wanted(said, self._changed, last)
        if want == terms.texts(last):
            return None, None
        for name, sentence in terms.faults(want, stored).items():
            self._fault(name, sentence)
        if self.faults.keys() & {*terms.FIELDS} or not want["starts_on"]:
            return None, None
        return self._moved(want, last), self._term_row(want, last)

    def _moved(self, want: terms.Course, last: Record | None) -> tuple[int, date, date | None] | None:
        if last is None or terms.comes_back(want, last) or want["starts_on"] == str(last["starts_on"]):
            return None
        ends_on = date.fromisoformat(want["ends_on"]) if want["ends_on"] else None
        return last["term_id"], date.fromisoformat(want["starts_on"]), ends_on

    def _term_row(self, want: terms.Course, last: Record | None) -> Row:
        is_new = last is None or terms.comes_back(want, last)
        now = self.now.isoformat()
        stored = terms.texts(None if is_new else last)
        row = {**want, **({"recorded_at": now} if is_new else {})}
        if (want["ends_on"], want["notice_on"]) != (stored["ends_on"], stored["notice_on"]):
            row["end_recorded_at"] = now if want["ends_on"] else ""
        return row

    def _revenue(self, said: Mapping[str, str]) -> tuple[Row, ...]:
        typed, since = self.wish.said.get("amount", "").strip(), said["amount_from"]
        stored = portfolio.recurring(self.tx, self._id) if self._id else []
        if not typed:
            self._fault("amount", "Please say how much it is from that day." if since else None)
            return ()
        usual = amounts.usual_currency(stored, (self.account or {}).get("currency") or self.currency)
        try:
            amount, currency = reading.amount(typed, usual, self.zone)
        except Misread as fault:
            self._fault("amount", f"{shown(typed)} cannot be taken; {fault.expected}.")
            return ()
        if not since:
            self._fault("amount_from", "Please say from which day.")
            return ()
        day = date.fromisoformat(since)
        self._fault("amount_from", amounts.clash(stored, day, currency))
        *ended, begun = amounts.change(stored, day, amount, currency)
        is_known = any(row["starts_on"] == day for row in stored)
        return (*ended, begun if is_known else {**begun, "recorded_at": self.now.isoformat()})

    def _contacts(self) -> tuple[Person, ...]:
        picked, ours = dict.fromkeys(self.wish.picked), contacts.looking_after(self.tx, self.wish.by)
        for user_id in picked:
            self._fault("contacts", contacts.why_not(user_id, self.people.get(user_id), ours))
        return tuple(self.people[user_id] for user_id in picked if user_id in self.people)
