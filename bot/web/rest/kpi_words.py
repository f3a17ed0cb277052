"""What programs ask about KPIs, in the address."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request

from bot.web.rest.spoken import readable
from kpi.errors import KpiError, Misfilled
from kpi.model import Scope
from kpi.records.kinds import FLAG, Misread
from kpi.services.breakdowns import KINDS
from kpi.services.inquiries import Inquiry
from kpi.services.questions import Question, instant_of
from kpi.services.trends import MOST

_TEXT: Mapping[str, Any] = {"type": "string", "minLength": 1}
PARAMETERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "period": ("2026-09, 2026-Q3, FY2026, last quarter, last 90 days …; left out: the KPI's own.", _TEXT),
    "account": ("Only this account: its name, its key, or what is clearly meant by it.", _TEXT),
    "segment": ("Only accounts of this segment.", _TEXT),
    "owner": ("Only this owner's accounts, by name or key.", _TEXT),
    "variant": ("Another way to measure a KPI that has several.", _TEXT),
    "as_of": ("What was known at this instant; left out: now.", {"type": "string", "format": "date-time"}),
    "by": ("One value for each of them, worst first.", {"type": "string", "enum": list(KINDS)}),
    "trend": (
        "The period and those of its kind before it, so many in all, oldest first; without a period the last months.",
        {"type": "integer", "minimum": 1, "maximum": MOST},
    ),
    "explain": ("Also what stands behind the value.", {"type": "boolean", "default": False}),
}
"""Name → what it says, and its JSON Schema."""


def parameters() -> dict[str, Any]:
    """The part of an operation that tells of its address."""
    told = [
        {"name": name, "in": "query", "required": False, "description": words, "schema": dict(schema)}
        for name, (words, schema) in PARAMETERS.items()
    ]
    return {"parameters": told}


def inquiry(key: str, request: Request) -> Inquiry:
    """What is asked. KpiError, Misfilled in which parameter, for what cannot be."""
    given = _given(request)
    scopes = [Scope(kind, given[kind]) for kind in KINDS if kind in given]
    if len(scopes) > 1:
        raise Misfilled(scopes[1].kind, "Give one of account, segment and owner.")
    as_of = _instant(given["as_of"]) if "as_of" in given else None
    scope = scopes[0] if scopes else None
    question = Question(key, given.get("period"), scope, as_of, given.get("variant"), forgiving=True)
    trend = _whole("trend", given["trend"]) if "trend" in given else None
    return Inquiry(question, given.get("by"), trend, _flag("explain", given.get("explain", "no")))


def _given(request: Request) -> Mapping[str, str]:
    """Each parameter once, and none that is not known."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in PARAMETERS:
            raise Misfilled(name, f"“{readable(name[:40])}” is not known here; there is {', '.join(PARAMETERS)}.")
        if name in found:
            raise Misfilled(name, f"{name} is in the address twice.")
        if not value.strip():
            raise Misfilled(name, f"{name} is empty; fill it in or leave it out.")
        found[name] = value
    return found


def _instant(text: str) -> Any:
    try:
        return instant_of(text)
    except KpiError as fault:
        raise Misfilled("as_of", f"as_of: {fault} In an address + is written %2B.") from fault


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Misfilled(name, f"{name} must be a whole number, not “{readable(text[:40])}”.")
    return int(text)


def _flag(name: str, text: str) -> bool:
    try:
        return FLAG.read(text, ZoneInfo("UTC")) == "true"
    except Misread as fault:
        raise Misfilled(name, f"{name}: {fault.expected}.") from fault
