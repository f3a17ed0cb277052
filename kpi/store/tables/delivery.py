"""What we say and when: deliveries, their gates and pace, digests and their ledger, alerts."""

from sqlalchemy import BigInteger, Boolean, Column, SmallInteger
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from kpi.store.tables.base import (
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

KINDS = (
    *("survey", "thanks", "digest", "alert", "answer", "notice", "share", "picture"),
    *("reminder", "invitation"),
)

delivery = table(
    "delivery",
    number("delivery_id"),
    text("kind"),
    text("audience"),
    text("method"),
    text("channel_id"),
    maybe_text("thread_ts"),
    maybe_text("user_id"),
    Column("payload", JSONB, nullable=False),
    text("dedupe_key"),
    text("state", server_default="queued"),
    Column("attempt", SmallInteger, nullable=False, server_default="0"),
    maybe_text("error"),
    maybe_text("message_ts"),
    Column("survey_id", BigInteger),
    Column("resend_of", BigInteger),
    maybe_text("responsible"),
    maybe_text("rung"),
    instant("created_at"),
    maybe_instant("retry_at"),
    maybe_instant("sending_at"),
    maybe_instant("finished_at"),
    unique("dedupe_key"),
    ref("survey_id", "survey"),
    ref("resend_of", "delivery", "delivery_id"),
    one_of("kind", *KINDS),
    one_of("rung", "native", "table", "text"),
    one_of("audience", "client", "internal", "person"),
    one_of("state", "queued", "sending", "sent", "unknown", "dead", "cancelled"),
    index("state", "created_at", postgresql_where=sql("state IN ('queued', 'sending', 'unknown')")),
    index("survey_id"),
    key=["delivery_id"],
)

send_gate = table(
    "send_gate",
    text("method"),
    text("channel_id", server_default=""),
    instant("closed_until"),
    key=["method", "channel_id"],
)

send_pace = table("send_pace", text("key"), instant("next_at"), key=["key"])

digest_subscription = table(
    "digest_subscription",
    number("subscription_id"),
    text("channel_id"),
    text("cadence"),
    text("cron"),
    text("timezone"),
    text("scope_kind", server_default="workspace"),
    text("scope_id", server_default=""),
    text("catch_up", server_default="latest"),
    instant("next_due_at"),
    text("created_by"),
    instant("created_at"),
    maybe_instant("paused_at"),
    one_of("cadence", "weekly", "monthly", "quarterly", "half_yearly", "yearly"),
    one_of("scope_kind", "workspace", "account", "segment", "owner"),
    one_of("catch_up", "skip", "latest", "all"),
    unique("channel_id", "cadence", "scope_kind", "scope_id"),
    index("next_due_at"),
    key=["subscription_id"],
)

digest_run = table(
    "digest_run",
    Column("subscription_id", BigInteger, nullable=False),
    text("period_key"),
    instant("due_at"),
    instant("created_at"),
    text("state"),
    maybe_text("reason"),
    Column("delivery_id", BigInteger),
    maybe_instant("posted_at"),
    one_of("state", "due", "queued", "posted", "skipped", "unknown", "dead"),
    ref("subscription_id", "digest_subscription"),
    ref("delivery_id", "delivery"),
    index("delivery_id"),
    key=["subscription_id", "period_key"],
)

alert = table(
    "alert",
    number("alert_id"),
    text("kind"),
    Column("account_id", BigInteger),
    Column("owner_id", BigInteger),
    text("state"),
    text("dedupe_key"),
    Column("evidence", JSONB, nullable=False),
    Column("is_repeat", Boolean, nullable=False, server_default=sql("false")),
    instant("opened_at"),
    maybe_instant("due_at"),
    maybe_instant("snoozed_until"),
    maybe_instant("closed_at"),
    one_of("state", "open", "acknowledged", "snoozed", "closed"),
    unique("dedupe_key"),
    ref("account_id", "account"),
    ref("owner_id", "owner"),
    index("state", "due_at"),
    key=["alert_id"],
)
