"""The demo's portfolio: a small agency's clients, their terms, and what they answered in the past half-year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from kpi.periods import local_day
from kpi.store import replies, surveys, tables
from kpi.store.store import Store, Tx

OWNERS = (
    {"key": "helen", "name": "Helen Head", "slack_user_id": "U0HEAD"},
    {"key": "anna", "name": "Anna Arendt", "slack_user_id": "U0ANNA"},
    {"key": "ben", "name": "Ben Brandt", "slack_user_id": "U0BEN"},
)


@dataclass(frozen=True, slots=True)
class Client:
    """An account. Ages in months before the demo's month; one hexadecimal digit for each answer, the newest first.

    `csat` and `nps` were answered in the last 90 days, those `_before` in the 90 days before.
    """

    name: str
    owner: str
    segment: str
    began: int
    csat: str
    csat_before: str
    nps: str
    nps_before: str
    contacts: tuple[str, ...]
    ended: int | None = None
    reason: str | None = None

    @property
    def key(self) -> str:
        """The operator's key."""
        return self.name.split()[0].lower()


CLIENTS = (
    Client(
        "Acme GmbH", "anna", "Enterprise", 38, "5345", "4354", "988", "87", ("Carla Client", "Chris Client", "Cleo")
    ),
    Client(
        "Globex Ltd", "ben", "Enterprise", 31, "4354", "3445", "794", "68", ("Otto Other", "Stella Stranger", "Gil")
    ),
    Client("Brightwater AG", "anna", "Enterprise", 44, "5545", "4535", "A99", "987", ("Bea", "Boris", "Britt")),
    Client("Cedar & Sons", "anna", "Mid-market", 27, "4245", "3245", "956", "476", ("Cem", "Clara", "Conrad")),
    Client("Delta Foods", "ben", "Mid-market", 22, "4553", "4443", "989", "898", ("Dana", "Dirk", "Dora")),
    Client("Elbe Logistik", "ben", "Mid-market", 19, "5345", "5534", "A76", "785", ("Edda", "Elias", "Emil")),
    Client("Granite Bank", "helen", "Enterprise", 35, "4455", "3545", "99A", "979", ("Greta", "Gustav", "Gesa")),
    Client("Harbour Media", "ben", "Small", 16, "5435", "4252", "849", "36", ("Hanna", "Henry", "Hugo")),
    Client("Juniper Health", "anna", "Mid-market", 29, "5545", "4534", "9A8", "899", ("Jana", "Jonas", "Jule")),
    Client("Kestrel Energy", "helen", "Small", 9, "4554", "43", "897", "", ("Kai", "Kira", "Kurt")),
    Client("Fjord Travel", "ben", "Small", 25, "", "23", "", "35", ("Finn", "Freya"), 4, "price"),
    Client("Ivy Schools", "anna", "Small", 33, "", "", "", "", ("Ida",), 8, "moved in-house"),
)
PROGRAMMES = {"csat": "after_contact", "nps": "relationship"}
CHANNELS = {"acme": "C0ACME", "globex": "C0GLOBEX"}
USERS = {
    "Carla Client": ("U0CARLA", "T0CLIENT"),
    "Chris Client": ("U0CHRIS", "T0CLIENT"),
    "Otto Other": ("U0OTTO", "T0OTHER0"),
    "Stella Stranger": ("U0STRANGE", "T0OTHER0"),
}
PRAISE = (
    "Quick, clear and friendly, as always.",
    "The workshop saved us weeks.",
    "You saw the problem before we did.",
    "Good advice, even when it meant less work for you.",
)
COMPLAINTS = (
    "We waited three days for an answer.",
    "The report was fine, the numbers in it were last month's.",
    "Too many people on the call, too few decisions.",
)


def fill(store: Store, now: datetime, zone: ZoneInfo) -> None:
    """Store it all, in one transaction; every date is reckoned from `now`, so every run has the same figures."""
    today = local_day(now, zone)
    with store.transaction() as tx:
        owners = {owner["key"]: tx.insert(tables.owner, owner)["owner_id"] for owner in OWNERS}
        numbers = count(1)
        for place, client in enumerate(CLIENTS):
            account_id = _account(tx, client, owners[client.owner], today)
            contacts = [_contact(tx, account_id, client, name) for name in client.contacts]
            for answer in _answers(client, place, contacts, now):
                whose = {"account_id": account_id, "owner_at_send": owners[client.owner]}
                _answered(tx, whose | answer, next(numbers))


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before the day's."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _account(tx: Tx, client: Client, owner_id: int, today: date) -> int:
    place = {"channel_id": CHANNELS.get(client.key), "segment": client.segment, "owner_id": owner_id}
    row = tx.insert(tables.account, {"key": client.key, "name": client.name, **place})
    ends_on = None if client.ended is None else months_before(today, client.ended)
    term = {"starts_on": months_before(today, client.began), "ends_on": ends_on, "reason": client.reason}
    tx.insert(tables.account_term, {"account_id": row["account_id"], **term})
    return int(row["account_id"])


def _contact(tx: Tx, account_id: int, client: Client, name: str) -> int:
    user_id, team_id = USERS.get(name, (None, None))
    someone = {"key": f"{client.key}-{name.split(maxsplit=1)[0].lower()}", "account_id": account_id, "name": name}
    row = tx.insert(tables.contact, {**someone, "slack_user_id": user_id, "slack_team_id": team_id})
    return int(row["contact_id"])


def _answers(client: Client, place: int, contacts: list[int], now: datetime) -> Iterator[dict[str, Any]]:
    """Everything the client answered, on days of its own; the newest of each kind with a comment."""
    waves = (("csat", 1, client.csat), ("csat", 92, client.csat_before), ("nps", 14, client.nps))
    for instrument, first_day, scores in (*waves, ("nps", 104, client.nps_before)):
        for number, score in enumerate(int(digit, 16) for digit in scores):
            days = first_day + number * 20 + (place * 7 + 19) % 20
            at = now - timedelta(days=days, minutes=17 * place + 5)
            comment = None if number else _comment(instrument, score, place)
            said = {"instrument": instrument, "score": score, "at": at, "comment": comment}
            yield said | {"contact_id": contacts[number % len(contacts)]}


def _answered(tx: Tx, told: dict[str, Any], number: int) -> None:
    """One question asked two hours before it was answered, and the answer."""
    score, at, comment = told.pop("score"), told.pop("at"), told.pop("comment")
    asked_at = at - timedelta(hours=2)
    times = {"recorded_at": asked_at, "due_at": asked_at, "posted_at": asked_at, "expires_at": at + timedelta(days=7)}
    words = {"token": f"demo-{number:04}", "wording_version": f"{told['instrument']}-en-1", "locale": "en"}
    posted = {"state": "answered", "place": "thread", "programme": PROGRAMMES[told["instrument"]]}
    survey = surveys.add(tx, told | times | words | posted)
    copied = {name: survey[name] for name in ("survey_id", "account_id", "contact_id", "instrument")}
    whose = {"owner_id": told["owner_at_send"], "respondent": f"contact:{told['contact_id']}"}
    replies.add(tx, copied | whose | {"score": score, "comment": comment}, at)


def _comment(instrument: str, score: int, place: int) -> str:
    is_pleased = score >= (4 if instrument == "csat" else 7)
    choice = PRAISE if is_pleased else COMPLAINTS
    return choice[place % len(choice)]
