"""How OpenAPI tells of answers about KPIs."""

from typing import Any

Schema = dict[str, Any]

_TEXT, _NUMBER, _COUNT = {"type": "string"}, {"type": "number"}, {"type": "integer", "minimum": 0}
_MAYBE_TEXT, _MAYBE_NUMBER = {"type": ["string", "null"]}, {"type": ["number", "null"]}
_DAY, _INSTANT = {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}


def _object(properties: Schema, *, optional: tuple[str, ...] = (), closed: bool = True) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": not closed}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_PERIOD = _object({"key": _TEXT, "start": _DAY, "end": _DAY, "complete": {"type": "boolean"}})
_SCOPE = _object({"kind": {"enum": ["workspace", "account", "segment", "owner"]}, "name": _MAYBE_TEXT})
_INTERVAL = _object({"low": _MAYBE_NUMBER, "high": _MAYBE_NUMBER, "level": _NUMBER, "method": _TEXT})
_CHANGE = {"delta": _NUMBER, "low": _MAYBE_NUMBER, "high": _MAYBE_NUMBER, "beyond_noise": {"type": "boolean"}}
_EXPLAIN = _object(
    {
        "formula": _TEXT,
        "variants": {"type": "object", "additionalProperties": _TEXT},
        "lists": _list({"type": "object"}),
        "exclusions": _list(_TEXT),
        "interval": _object({"words": _MAYBE_TEXT, "reference": _TEXT}),
        "period": _TEXT,
        "as_of": _TEXT,
        "good": _maybe({"type": "object", "additionalProperties": _NUMBER}),
        "freshness": {"type": "object"},
    }
)
_VALUE = {
    "key": _TEXT,
    "label": _TEXT,
    "unit": _TEXT,
    "period": _PERIOD,
    "scope": _SCOPE,
    "value": _MAYBE_NUMBER,
    "n": _COUNT,
    "accounts": _COUNT,
    "numerator": _MAYBE_NUMBER,
    "denominator": _MAYBE_NUMBER,
    "interval": _maybe(_INTERVAL),
    "status": {"enum": ["full", "indicative", "insufficient", "undefined"]},
    "reason": _MAYBE_TEXT,
    "previous": _maybe(_object({"period": _TEXT, "value": _MAYBE_NUMBER, "n": _COUNT})),
    "change": _maybe(_object(_CHANGE)),
    "target": _maybe(_object({"value": _NUMBER, "met": {"type": ["boolean", "null"]}})),
    "details": {"type": "object"},
    "formula": _TEXT,
    "exclusions": _list(_TEXT),
    "definition_version": {"type": "integer"},
    "as_of": _INSTANT,
}
VALUE = {"title": "Value", **_object(_VALUE | {"explain": _EXPLAIN}, optional=("explain",))}
_BREAKDOWN = {"key": _TEXT, "scope": _SCOPE, "by": _TEXT, "values": _list(_object(_VALUE))}
BREAKDOWN = {"title": "Breakdown", **_object(_BREAKDOWN)}
_LIMITS = _list(_object({"period": _TEXT, "low": _NUMBER, "high": _NUMBER}))
_SIGNALS = _object(
    {
        "standing": {"enum": ["no chart", "trial", "firm"]},
        "points": _COUNT,
        "chart": {"enum": ["p", "xmr", None]},
        "centre": _MAYBE_NUMBER,
        "limits": _LIMITS,
        "outside": _list(_TEXT),
        "runs": _list(_TEXT),
    }
)
_TREND = {"key": _TEXT, "trend": {"type": "integer"}, "values": _list(_object(_VALUE)), "signals": _SIGNALS}
TREND = {"title": "Trend", **_object(_TREND)}
ANSWER: Schema = {"title": "Answer", "anyOf": [VALUE, BREAKDOWN, TREND]}

_LISTED = dict.fromkeys(("key", "label", "question", "unit", "better", "status"), _TEXT)
_KPI = {**_LISTED, "definition_version": {"type": "integer"}, "formula": _TEXT, "synonyms": _list(_TEXT)}
LIST: Schema = {"title": "KPIs", **_object({"kpis": _list(_object(_KPI))})}

CSAT: dict[str, Any] = {
    "key": "csat",
    "label": "Client satisfaction",
    "unit": "percent",
    "period": {"key": "2026-Q3", "start": "2026-07-01", "end": "2026-10-01", "complete": True},
    "scope": {"kind": "account", "name": "ACME Ltd"},
    "value": 87.5,
    "n": 8,
    "accounts": 1,
    "numerator": 7,
    "denominator": 8,
    "interval": {"low": 52.9, "high": 97.8, "level": 0.95, "method": "wilson"},
    "status": "indicative",
    "reason": None,
    "previous": {"period": "2026-Q2", "value": None, "n": 3},
    "change": None,
    "target": {"value": 80, "met": None},
    "details": {},
    "formula": "100 · answers of 4 or 5 / all answers (scale 1–5)",
    "exclusions": [],
    "definition_version": 1,
    "as_of": "2026-10-05T07:00:00Z",
}
_COURSE = {"standing": "no chart", "points": 1, "chart": None, "centre": None, "limits": [], "outside": [], "runs": []}
ANSWER_EXAMPLES: dict[str, Any] = {
    "one value": CSAT,
    "by account": {"key": "csat", "scope": {"kind": "workspace", "name": None}, "by": "account", "values": [CSAT]},
    "a trend": {"key": "csat", "trend": 1, "values": [CSAT], "signals": _COURSE},
}
LIST_EXAMPLE: dict[str, Any] = {
    "kpis": [
        {
            "key": "csat",
            "label": "Client satisfaction",
            "question": "How satisfied are clients with our work together?",
            "unit": "percent",
            "better": "up",
            "status": "active",
            "definition_version": 1,
            "formula": "100 · answers of 4 or 5 / all answers (scale 1–5)",
            "synonyms": ["satisfaction"],
        }
    ]
}
