"""A program with a token that may read, and a little of everything to ask about."""

from typing import Any

from kpi.store.store import Store
from tests.rest import Program


def reading(store: Store) -> Program:
    """Acme and Globex over 2026, and a token that may read and write."""
    found = Program(store)
    found.token = found.tokens.create("dashboard", ["read", "write"])
    filled(found)
    return found


def filled(program: Program) -> None:
    """A little of everything."""
    noon = "2026-09-01T12:00:00Z"
    rows: dict[str, list[dict[str, Any]]] = {
        "terms": [{"account": name, "starts_on": "2024-01-01", "ends_on": None} for name in ("acme", "globex")],
        "revenue": [{"account": "acme", "starts_on": "2024-01-01", "ends_on": None, "amount": "4500.00"}],
        "offers": [{"offer": "o1", "account": "acme", "kind": "upsell", "offered_on": "2026-08-03",
                    "decided_on": "2026-08-20", "outcome": "won"}],
        "feedback": [{"feedback": "f1", "account": "acme", "text": "A summary", "actionable": True, "received_at": noon,
                      "implemented_at": None, "declined_at": None}],
        "messages": [{"account": "acme", "day": "2026-08-31", "from_client": 4, "from_us": 3}],
        "episodes": [{"episode": f"e{number}", "account": "acme", "opened_at": noon, "first_response_at": None}
                     for number in range(6)],
        "replies": [{"reply": f"r{number}", "account": "acme", "instrument": "csat", "score": 5, "answered_at": noon}
                    for number in range(6)],
    }  # fmt: skip
    for entity, given_rows in rows.items():
        told = program.put(entity, *given_rows)
        assert told.json()["rejected"] == 0, told.text


def asked(program: Program, key: str, **words: str) -> Any:
    return program.send("GET", f"kpis/{key}", params=words)
