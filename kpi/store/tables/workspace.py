"""The workspace, its Slack side, and who did what."""

from sqlalchemy import BigInteger, Boolean, Column, Identity, Integer, LargeBinary, Table
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT

from kpi.store.tables.base import (
    index,
    instant,
    maybe_instant,
    maybe_text,
    metadata,
    number,
    one_of,
    ref,
    table,
    text,
    unique,
)

workspace = Table(
    "workspace",
    metadata,
    Column("workspace_id", Integer, Identity(), primary_key=True),
    Column("slack_team_id", TEXT, unique=True),
    text("name"),
    instant("created_at"),
    maybe_instant("uninstalled_at"),
    text("timezone", server_default="UTC"),
    text("currency", server_default="EUR"),
    maybe_text("rung"),
    maybe_instant("rung_learnt_at"),
    one_of("rung", "native", "table", "text"),
)

installation = table(
    "installation",
    text("slack_team_id"),
    maybe_text("slack_enterprise_id"),
    Column("bot_token", LargeBinary, nullable=False),
    text("bot_user_id"),
    Column("scopes", ARRAY(TEXT), nullable=False),
    maybe_text("installed_by"),
    instant("installed_at"),
    maybe_instant("revoked_at"),
    key=["slack_team_id"],
)

owner = table(
    "owner",
    number("owner_id"),
    text("key"),
    text("name"),
    maybe_text("email"),
    maybe_text("slack_user_id"),
    Column("manager_id", BigInteger),
    maybe_text("calendar"),
    maybe_instant("recorded_at"),
    unique("key"),
    unique("slack_user_id"),
    ref("manager_id", "owner", "owner_id"),
    key=["owner_id"],
)

channel = table(
    "channel",
    text("channel_id"),
    maybe_text("name"),
    maybe_text("purpose"),
    Column("is_ext_shared", Boolean),
    maybe_instant("checked_at"),
    maybe_instant("disconnected_at"),
    key=["channel_id"],
)

person = table(
    "person",
    text("slack_user_id"),
    text("slack_team_id"),
    text("name", server_default=""),
    Column("is_guest", Boolean, nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    maybe_text("timezone"),
    maybe_text("locale"),
    instant("checked_at"),
    key=["slack_user_id"],
)

user_group = table(
    "user_group",
    text("group_id"),
    Column("members", ARRAY(TEXT), nullable=False),
    instant("checked_at"),
    key=["group_id"],
)

api_token = table(
    "api_token",
    number("token_id"),
    text("name"),
    text("digest"),
    Column("scopes", ARRAY(TEXT), nullable=False),
    instant("created_at"),
    maybe_instant("last_used_at"),
    maybe_instant("revoked_at"),
    unique("digest"),
    unique("name"),
    key=["token_id"],
)

slack_event = table(
    "slack_event",
    text("event_id"),
    instant("received_at"),
    index("received_at"),
    key=["event_id"],
)

audit = table(
    "audit",
    number("audit_id"),
    instant("at"),
    text("actor"),
    text("action"),
    text("subject"),
    Column("before", JSONB),
    Column("after", JSONB),
    index("subject", "at"),
    key=["audit_id"],
)

asked = table(
    "asked",
    number("asked_id"),
    instant("at"),
    text("slack_user_id"),
    maybe_text("verb"),
    maybe_text("kpi_key"),
    maybe_text("scope_kind"),
    maybe_text("scope_id"),
    maybe_text("period"),
    maybe_text("shared_to"),
    text("outcome"),
    text("reason"),
    one_of("outcome", "answered", "refused", "not answered", "failed"),
    index("at"),
    key=["asked_id"],
)

source_state = table(
    "source_state",
    text("source"),
    Column("cursor", JSONB, nullable=False, server_default=sql("'{}'::jsonb")),
    text("state", server_default="idle"),
    one_of("state", "idle", "running", "failed"),
    instant("updated_at"),
    key=["source"],
)
