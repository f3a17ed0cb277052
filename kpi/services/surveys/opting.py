"""Asked less, or never again: one click of the person themselves, heeded at every account, and undone only by them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from kpi.model import Contact
from kpi.policy import Policy
from kpi.services.surveys import cancelling
from kpi.store import audit, contacts
from kpi.store.store import Record, Tx


class Wish(StrEnum):
    """What somebody wants of us."""

    LESS = "less"
    STOP = "stop"
    AGAIN = "again"


def heed(tx: Tx, policy: Policy, asked: tuple[Record, Contact], wish: Wish, now: datetime) -> None:
    """Grant a wish said below a survey: *stop* declines the survey, after *again* it can be answered all the same."""
    survey, contact = asked
    grant(tx, contact.id, wish, now)
    if wish is Wish.STOP:
        cancelling.decline(tx, survey, contact, now)
    elif wish is Wish.AGAIN:
        cancelling.undecline(tx, policy, survey, contact, now)


def grant(tx: Tx, contact_id: int, wish: Wish, now: datetime) -> None:
    """Heed a person's wish from now on, as the contact they are at every account. Twice changes nothing more."""
    columns: Mapping[Wish, Mapping[str, datetime | None]] = {
        Wish.LESS: {"asked_less_at": now, "opted_out_at": None},
        Wish.STOP: {"opted_out_at": now},
        Wish.AGAIN: {"asked_less_at": None, "opted_out_at": None},
    }
    for changed in contacts.change_wish(tx, contact_id, columns[wish]):
        noted = {"before": changed.before, "after": {"wish": wish.value}}
        audit.add(tx, now, f"contact:{changed.contact_id}", "contact.wish", f"contact:{changed.contact_id}", **noted)
