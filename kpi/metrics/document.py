"""A KpiValue as the JSON document of `kpibot kpi --json` and `GET /api/v1/kpis/{key}`."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from kpi.model import KpiValue
from kpi.policy import KpiDefinition

_OF_DEFINITION = ("key", "label", "question", "unit", "better", "status", "definition_version", "formula", "synonyms")


def to_json(value: KpiValue) -> dict[str, Any]:
    """Plain JSON values in the documented order; days as ISO dates, as_of in UTC, what is not finite as null."""
    document = {
        "key": value.key,
        "label": value.label,
        "unit": value.unit,
        "period": _fields(value.period, "key", "start", "end", "complete"),
        "scope": _fields(value.scope, "kind", "name"),
        "value": value.value,
        "n": value.n,
        "accounts": value.accounts,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "interval": _fields(value.interval, "low", "high", "level", "method"),
        "status": value.status.value,
        "reason": value.reason,
        "previous": _fields(value.previous, "period", "value", "n"),
        "change": _fields(value.change, "delta", "low", "high", "beyond_noise"),
        "target": _fields(value.target, "value", "met"),
        "details": value.details,
        "formula": value.formula,
        "exclusions": value.exclusions,
        "definition_version": value.definition_version,
        "as_of": value.as_of,
    }
    return {name: _plain(part) for name, part in document.items()}


def definition_to_json(definition: KpiDefinition) -> dict[str, Any]:
    """How a KPI is named and judged."""
    return {name: _plain(getattr(definition, name)) for name in _OF_DEFINITION}


def _fields(part: object, *names: str) -> dict[str, Any] | None:
    return None if part is None else {name: getattr(part, name) for name in names}


def _plain(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {name: _plain(inner) for name, inner in part.items()}
    if isinstance(part, list | tuple):
        return [_plain(inner) for inner in part]
    if isinstance(part, float):
        return part if isfinite(part) else None
    if isinstance(part, datetime):
        return part.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return part.isoformat() if isinstance(part, date) else part
