"""What happened with clients: interactions, waits, and the additive counts of each account's day."""

from sqlalchemy import ARRAY, BigInteger, Column, Computed, Date, Float, Integer, Text
from sqlalchemy.schema import SchemaItem

from kpi.store.tables.base import (
    holds,
    index,
    instant,
    maybe_instant,
    maybe_text,
    number,
    ref,
    table,
    text,
    unique,
)

_KEY = "CASE WHEN source = 'csv' THEN external_id ELSE source || ':' || external_id END"

interaction = table(
    "interaction",
    number("interaction_id"),
    Column("account_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger),
    Column("owner_id", BigInteger),
    text("kind"),
    instant("occurred_at"),
    instant("recorded_at"),
    text("logged_by"),
    text("source"),
    text("external_id"),
    maybe_text("note"),
    maybe_text("channel_id"),
    maybe_text("thread_ts"),
    maybe_instant("withdrawn_at"),
    Column("tags", ARRAY(Text), nullable=False, server_default="{}"),
    maybe_instant("reopened_at"),
    Column("key", Text, Computed(_KEY, persisted=True), nullable=False),
    unique("source", "external_id"),
    unique("key"),
    ref("account_id", "account"),
    ref("contact_id", "contact"),
    ref("owner_id", "owner"),
    index("account_id", "occurred_at"),
    index("occurred_at"),
    key=["interaction_id"],
)

episode = table(
    "episode",
    text("key"),
    Column("account_id", BigInteger, nullable=False),
    maybe_text("channel_id"),
    maybe_text("thread_ts"),
    instant("opened_at"),
    maybe_instant("first_response_at"),
    instant("recorded_at"),
    maybe_instant("response_recorded_at"),
    ref("account_id", "account"),
    index("account_id", "opened_at"),
    index("opened_at"),
    holds("order", "first_response_at IS NULL OR first_response_at >= opened_at"),
    key=["key"],
)


def _count(name: str) -> SchemaItem:
    return Column(name, Integer, nullable=False, server_default="0")


account_day = table(
    "account_day",
    Column("account_id", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    _count("interactions"),
    _count("meetings"),
    Column("from_client", Integer),
    Column("from_us", Integer),
    _count("survey_answers"),
    maybe_instant("messages_recorded_at"),
    ref("account_id", "account"),
    index("day"),
    holds("counts", "LEAST(interactions, meetings, from_client, from_us, survey_answers) >= 0"),
    key=["account_id", "day"],
)

usage_day = table(
    "usage_day",
    Column("account_id", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    text("metric"),
    Column("value", Float, nullable=False),
    maybe_instant("recorded_at"),
    ref("account_id", "account"),
    index("day"),
    key=["account_id", "day", "metric"],
)

talk = table(
    "talk",
    text("channel_id"),
    text("thread_ts", server_default=""),
    instant("last_at"),
    key=["channel_id", "thread_ts"],
)
