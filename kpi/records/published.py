"""What a row of published values says, on its way out: the columns of the view reporting.kpi_values."""

from kpi.records.entity import Column, Entity
from kpi.records.kinds import COUNT, DAY, FLAG, INSTANT, KEY, NUMBER, TEXT, Kind


def _columns(kind: Kind, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, kind, "As docs/bi.md says of kpi_values.") for name in names)


VALUES = Entity(
    "kpi_values",
    "Published values of closed periods with their revisions.",
    (
        *_columns(TEXT, "kpi", "label", "unit", "currency", "scope", "scope_name"),
        *_columns(KEY, "period", "period_kind"),
        *_columns(DAY, "starts_on", "ends_on"),
        *_columns(NUMBER, "value", "low", "high"),
        *_columns(COUNT, "n", "accounts"),
        *_columns(TEXT, "status", "reason"),
        *_columns(NUMBER, "numerator", "denominator", "target"),
        *_columns(TEXT, "variant"),
        *_columns(COUNT, "definition_version", "revision"),
        *_columns(TEXT, "revision_reason"),
        *_columns(FLAG, "is_latest"),
        *_columns(INSTANT, "as_of", "published_at"),
        *_columns(DAY, "published_on"),
    ),
    ("kpi", "scope", "scope_name", "ends_on", "starts_on", "period", "definition_version", "revision"),
)
