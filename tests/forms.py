"""The windows and messages about accounts. `python -m tests.forms` writes them to tests/golden/forms, to be read."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.blocks.account_form import account_view, people_options
from bot.blocks.account_saved import saved_message, saved_view
from bot.blocks.people_card import people_card
from bot.blocks.setup_offer import setup_offer
from kpi.model import Account, Owner, Person
from kpi.services.accounts.words import FIELDS, ME, AccountForm, Amount, Choice, Circle, Group, Saved
from tests.cards import DE, EN, written
from tests.cards import FOLDER as CARDS_FOLDER
from tests.samples import EVIL

FOLDER = CARDS_FOLDER.parent / "forms"
ANNA = Owner(3, "Anna Arendt", "U0ANNA")
ACME = Account(1, "acme", "Acme GmbH", "C0ACME", "de", ANNA)
LOUD = replace(ACME, name=EVIL * 5)
MINE, HERS = Choice(ME, "Me (Ben Brandt)"), Choice("3", "Anna Arendt")
EMPTY = dict.fromkeys(FIELDS, "")
CARLA, CHRIS = Person("U0CARLA", "T0CLIENT", "Carla Client"), Person("U0CHRIS", "T0CLIENT", EVIL)
GINA = Person("U0GUEST", "T0HOME00", "Gina Guest", is_guest=True)
CROWD = tuple(Person(f"U0CROWD{number:03}", "T0CLIENT", "N" * 300) for number in range(150))
EUROS = Amount(date(2024, 3, 1), date(2026, 10, 1), Decimal("4500.00"), "EUR")
MORE_EUROS = Amount(date(2026, 10, 1), None, Decimal("5000.50"), "EUR")

NEW = AccountForm(
    account=None,
    shown=EMPTY | {"channel": "C0NEW", "owner": ME},
    owner=MINE,
    owners=(MINE, HERS),
    languages=("de", "en"),
    segments=(),
    zone="Europe/Berlin",
    currency="EUR",
    channel_id="C0NEW",
    place="C0NEW",
)
KNOWN = replace(
    NEW,
    account=ACME,
    shown=EMPTY
    | {
        "name": "Acme GmbH",
        "channel": "C0ACME",
        "owner": "3",
        "segment": "retail",
        "language": "de",
        "zone": "Asia/Tokyo",
    }
    | {"starts_on": "2024-03-01", "notice_on": "2026-09-01", "ends_on": "2026-12-01", "reason": "budget"},
    owner=HERS,
    segments=("enterprise", "retail"),
    amounts=(MORE_EUROS, EUROS),
    contacts=("Carla Client", "Chris Client"),
    has_term=True,
    channel_id="C0ACME",
    place="C0ACME",
)
FULL = replace(
    KNOWN,
    account=LOUD,
    shown={**KNOWN.shown} | {"name": "🚀" * 3001, "segment": "<!channel>" * 50, "reason": "r" * 10_000, "channel": ""},
    owners=tuple(Choice(str(number), "O" * 300) for number in range(3, 103)),
    owner=Choice("3", "O" * 300),
    segments=tuple("s" * 255 for _ in range(12)),
    amounts=(EUROS,) * 40,
    contacts=(EVIL * 5,) * 200,
    note=f"There is no account “{EVIL}” yet; this form makes one.",
)
CHANGES: dict[str, tuple[Any, Any]] = {
    "name": ("Acme", "Acme GmbH"),
    "channel": (None, "C0ACME"),
    "owner": ("Ben Brandt", "Anna Arendt"),
    "language": ("de", None),
    "starts_on": (None, "2024-03-01"),
    "ends_on": ("2026-12-01", None),
    "terms": (1, 2),
    "revenue": (
        [{"starts_on": "2024-03-01", "ends_on": None, "amount": "4500.00", "currency": "EUR"}],
        [
            {"starts_on": "2024-03-01", "ends_on": "2026-10-01", "amount": "4500.00", "currency": "EUR"},
            {"starts_on": "2026-10-01", "ends_on": None, "amount": "5000", "currency": "JPY"},
        ],
    ),
    "contacts": ([], [{"contact": "carla", "name": "Carla Client", "slack_user_id": "U0CARLA", "confirmed": True}]),
}
LOUD_CHANGES: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(("name", "owner", "segment", "language", "zone", "reason"), (EVIL * 100, EVIL * 100 + "!")),
    "contacts": (
        [],
        [{"contact": "x", "name": EVIL * 9, "slack_user_id": f"U{n}", "confirmed": True} for n in range(90)],
    ),
    "revenue": ([], [{"starts_on": "2024-03-01", "ends_on": None, "amount": "9" * 13, "currency": "EUR"}] * 90),
}
CIRCLE = Circle(ACME, "C0ACME", ("Carla Client",), (CHRIS, GINA), 2)
SAVED, MADE = Saved(ACME, False, CHANGES, 7), Saved(ACME, True, CHANGES, 8)
LOUD_SAVED = Saved(LOUD, False, LOUD_CHANGES, 9)

FORMS: dict[str, dict[str, Any]] = {
    "account_new": account_view(NEW, EN),
    "account_new_by_name": account_view(replace(NEW, note="There is no account “acne” yet; this form makes one."), EN),
    "account_known": account_view(KNOWN, EN),
    "account_known_in_german": account_view(KNOWN, DE),
    "account_elsewhere": account_view(replace(KNOWN, shown={**KNOWN.shown} | {"channel": ""}, place="C0TEAM"), EN),
    "account_full": account_view(FULL, EN),
    "account_many_owners": account_view(replace(KNOWN, owners=None), EN),
    "account_saved": saved_view(SAVED, EN),
    "account_made": saved_view(MADE, EN),
    "account_made_without_channel": saved_view(replace(MADE, account=replace(ACME, channel_id=None)), EN),
    "account_unchanged": saved_view(Saved(ACME, False, {}), EN),
    "account_saved_loud": saved_view(LOUD_SAVED, EN),
    "message_saved": saved_message(SAVED),
    "message_made": saved_message(MADE),
    "message_saved_loud": saved_message(LOUD_SAVED),
    "people": people_card(CIRCLE),
    "people_one": people_card(replace(CIRCLE, contacts=(), strangers=(CARLA,), unknown=0)),
    "people_all_known": people_card(replace(CIRCLE, strangers=(), unknown=0)),
    "people_crowd": people_card(replace(CIRCLE, account=LOUD, contacts=("C" * 300,) * 50, strangers=CROWD)),
    "people_unseen": people_card(Circle(ACME, "C0ACME", (), (), is_seen=False)),
    "offer": setup_offer("C0NEW"),
}
OPTIONS = people_options((Group("From another organisation", (CARLA, CHRIS)), Group("Guests", (GINA,))))


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, form in FORMS.items():
        (FOLDER / f"{name}.json").write_text(written(form), encoding="utf-8")
