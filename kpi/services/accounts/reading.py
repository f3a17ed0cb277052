"""From what a form's fields hold to texts as they are stored, and what is wrong with each."""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from kpi.records.entity import Column
from kpi.records.kinds import Misread
from kpi.records.portfolio import ACCOUNTS, REVENUE, TERMS
from kpi.records.reading import shown
from kpi.services.accounts.words import REASON_CHARS

COLUMNS: Mapping[str, Column] = {
    "name": ACCOUNTS.column("name"),
    "channel": ACCOUNTS.column("channel_id"),
    "segment": ACCOUNTS.column("segment"),
    "language": ACCOUNTS.column("language"),
    "zone": ACCOUNTS.column("timezone"),
    "starts_on": TERMS.column("starts_on"),
    "notice_on": TERMS.column("notice_on"),
    "ends_on": TERMS.column("ends_on"),
    "reason": TERMS.column("reason"),
    "amount_from": REVENUE.column("starts_on"),
}
"""What each field becomes; the owner and the amount are read by rules of their own."""

_AMOUNT = re.compile(r"([\d.]+)(?:\s*([A-Za-z]{3}))?|([A-Za-z]{3})\s*([\d.]+)")
_PERHAPS_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


def texts(said: Mapping[str, str], zone: ZoneInfo) -> tuple[dict[str, str], dict[str, str]]:
    """The fields' texts in their stored spelling, and by field what cannot be taken."""
    found, faults = {}, {}
    for field, column in COLUMNS.items():
        text = said.get(field, "").strip()
        try:
            found[field] = column.kind.read(text, zone) if text else ""
        except Misread as fault:
            found[field], faults[field] = "", f"{shown(text)} cannot be taken; {fault.expected}."
    if not found["name"]:
        faults.setdefault("name", "Please give it a name.")
    if len(found["reason"]) > REASON_CHARS:
        faults["reason"] = f"Please say it in at most {REASON_CHARS:,} characters."
    return found, faults


def amount(text: str, currency: str, zone: ZoneInfo) -> tuple[str, str]:
    """An amount as typed, like 1250, 1250.00 or 1250 USD, as (amount, currency); `currency` where none is named.

    Raises Misread, also for one that might mean thousands: 4.500.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise Misread("expected an amount like 1250.00 or 1250 USD, with a point and no separator of thousands")
    digits, code = match[1] or match[4], match[2] or match[3] or currency
    if _PERHAPS_THOUSANDS.fullmatch(digits):
        raise Misread(f"it may mean thousands; expected {digits.replace('.', '')}, or one or two decimals")
    kinds = {name: REVENUE.column(name).kind for name in ("amount", "currency")}
    return kinds["amount"].read(digits, zone), kinds["currency"].read(code, zone)
