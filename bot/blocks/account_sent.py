"""What the form for an account was filled in with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s
from typing import Any

from kpi.services.accounts.words import FIELDS

_STATES = ("value", "selected_date", "selected_conversation")


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as sent; `account_id` is None where a new account is wanted."""

    account_id: int | None
    place: str | None
    said: Mapping[str, str]
    changed: frozenset[str]
    picked: tuple[str, ...]


def filled(view: Mapping[str, Any]) -> Filled:
    """What the form was sent with, and which fields no longer hold what it showed."""
    kept = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    said = {name: _said(values, name) for name in FIELDS}
    changed = frozenset(name for name, text in said.items() if mark(text) != kept["shown"].get(name, mark("")))
    picked = _element(values, "contacts").get("selected_options") or []
    return Filled(kept["account"], kept["place"], said, changed, tuple(str(each["value"]) for each in picked))


def people_sought(view: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """The account of an open form, and the channel chosen in it so far."""
    kept = json.loads(view.get("private_metadata") or "{}")
    chosen = _said(view.get("state", {}).get("values", {}), "channel")
    return kept.get("account"), chosen or kept.get("channel")


def mark(text: str) -> str:
    """Tells one text from another, however its lines end."""
    lines = "\n".join(text.splitlines()).strip()
    return blake2s(lines.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _said(values: Mapping[str, Any], name: str) -> str:
    element = _element(values, name)
    chosen = element.get("selected_option")
    found = chosen.get("value") if chosen else next((element[each] for each in _STATES if element.get(each)), "")
    return str(found).strip()


def _element(values: Mapping[str, Any], block_id: str) -> Mapping[str, Any]:
    return next(iter(values.get(block_id, {}).values()), {})
