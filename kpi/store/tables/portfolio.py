"""Accounts and what they are worth: owners' portfolios, terms, contacts, revenue, offers, feedback."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Float
from sqlalchemy.dialects.postgresql import JSONB

from kpi.store.tables.base import (
    holds,
    index,
    instant,
    maybe_instant,
    maybe_text,
    number,
    one_of,
    ref,
    table,
    text,
    unique,
)

account = table(
    "account",
    number("account_id"),
    text("key"),
    text("name"),
    Column("owner_id", BigInteger),
    maybe_text("segment"),
    maybe_text("plan"),
    maybe_text("language"),
    maybe_text("timezone"),
    maybe_text("currency"),
    maybe_text("channel_id"),
    Column("observed_from", Date),
    maybe_instant("recorded_at"),
    unique("key"),
    ref("owner_id", "owner"),
    index("channel_id"),
    index("owner_id"),
    holds("name_given", "name <> ''"),
    key=["account_id"],
)

account_term = table(
    "account_term",
    number("term_id"),
    Column("account_id", BigInteger, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("notice_on", Date),
    maybe_text("reason"),
    maybe_instant("recorded_at"),
    maybe_instant("end_recorded_at"),
    ref("account_id", "account"),
    unique("account_id", "starts_on"),
    holds("order", "ends_on IS NULL OR ends_on > starts_on"),
    key=["term_id"],
)

account_alias = table(
    "account_alias",
    text("key"),
    Column("account_id", BigInteger, nullable=False),
    ref("account_id", "account"),
    key=["key"],
)

contact = table(
    "contact",
    number("contact_id"),
    text("key"),
    Column("account_id", BigInteger, nullable=False),
    text("name", server_default=""),
    maybe_text("email"),
    maybe_text("slack_user_id"),
    maybe_text("slack_team_id"),
    maybe_text("language"),
    maybe_instant("opted_out_at"),
    maybe_instant("confirmed_at"),
    maybe_instant("moved_at"),
    maybe_instant("recorded_at"),
    unique("key"),
    unique("account_id", "slack_user_id"),
    ref("account_id", "account"),
    index("slack_user_id"),
    key=["contact_id"],
)

contact_alias = table(
    "contact_alias",
    text("key"),
    Column("contact_id", BigInteger, nullable=False),
    ref("contact_id", "contact"),
    key=["key"],
)

revenue = table(
    "revenue",
    number("revenue_id"),
    text("key", server_default=""),
    Column("account_id", BigInteger, nullable=False),
    text("kind"),
    one_of("kind", "recurring", "project"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("amount_minor", BigInteger, nullable=False),
    text("currency"),
    maybe_instant("recorded_at"),
    ref("account_id", "account"),
    unique("account_id", "kind", "starts_on", "currency", "key"),
    holds("order", "ends_on IS NULL OR ends_on > starts_on"),
    holds("project_ends", "kind <> 'project' OR ends_on IS NOT NULL"),
    holds("amount", "amount_minor >= 0"),
    key=["revenue_id"],
)

offer = table(
    "offer",
    number("offer_id"),
    text("key"),
    Column("account_id", BigInteger, nullable=False),
    text("kind"),
    Column("amount_minor", BigInteger),
    maybe_text("currency"),
    Column("offered_on", Date, nullable=False),
    Column("decided_on", Date),
    text("outcome"),
    one_of("outcome", "won", "lost", "open"),
    maybe_instant("recorded_at"),
    maybe_instant("decision_recorded_at"),
    unique("key"),
    ref("account_id", "account"),
    index("decided_on"),
    holds("decided", "(outcome = 'open') = (decided_on IS NULL)"),
    key=["offer_id"],
)

feedback = table(
    "feedback",
    number("feedback_id"),
    text("key"),
    Column("account_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger),
    Column("owner_id", BigInteger),
    text("text"),
    Column("actionable", Boolean),
    instant("received_at"),
    maybe_instant("triaged_at"),
    maybe_instant("planned_at"),
    maybe_instant("implemented_at"),
    maybe_instant("declined_at"),
    maybe_text("decline_reason"),
    maybe_instant("client_told_at"),
    maybe_instant("recorded_at"),
    unique("key"),
    ref("account_id", "account"),
    ref("contact_id", "contact"),
    ref("owner_id", "owner"),
    index("received_at"),
    holds("one_end", "implemented_at IS NULL OR declined_at IS NULL"),
    key=["feedback_id"],
)

target = table(
    "target",
    number("target_id"),
    text("kpi_key"),
    text("scope_kind"),
    text("scope_id", server_default=""),
    Column("value", Float, nullable=False),
    Column("valid_from", Date, nullable=False),
    text("set_by"),
    instant("recorded_at"),
    one_of("scope_kind", "workspace", "account", "segment", "owner"),
    unique("kpi_key", "scope_kind", "scope_id", "valid_from"),
    key=["target_id"],
)

change_marker = table(
    "change_marker",
    number("marker_id"),
    text("what"),
    Column("changed_on", Date, nullable=False),
    text("scope_kind"),
    text("scope_id", server_default=""),
    text("created_by"),
    instant("recorded_at"),
    Column("results", JSONB),
    one_of("scope_kind", "workspace", "account", "segment", "owner"),
    key=["marker_id"],
)
