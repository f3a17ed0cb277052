"""What was published: definitions, and values of closed periods with their revisions."""

from sqlalchemy import Column, Date, Float, Integer
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT

from kpi.store.tables.base import instant, maybe_text, one_of, table, text

kpi_definition = table(
    "kpi_definition",
    text("kpi_key"),
    Column("definition_version", Integer, nullable=False),
    text("fingerprint"),
    maybe_text("variant"),
    text("formula"),
    instant("first_published_at"),
    key=["kpi_key", "definition_version"],
)

kpi_value = table(
    "kpi_value",
    text("kpi_key"),
    text("scope_kind"),
    text("scope_id", server_default=""),
    text("period_key"),
    Column("definition_version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    instant("as_of"),
    text("status"),
    maybe_text("reason"),
    Column("value", Float),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("n", Integer, nullable=False),
    Column("accounts", Integer, nullable=False),
    Column("low", Float),
    Column("high", Float),
    Column("details", JSONB, nullable=False),
    Column("exclusions", ARRAY(TEXT), nullable=False),
    maybe_text("revision_reason"),
    instant("published_at"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    maybe_text("variant"),
    Column("target", Float),
    text("document"),
    Column("basis", JSONB, nullable=False),
    one_of("scope_kind", "workspace", "account", "segment", "owner"),
    one_of("status", "full", "indicative", "insufficient", "undefined"),
    key=["kpi_key", "scope_kind", "scope_id", "period_key", "definition_version", "revision"],
)
