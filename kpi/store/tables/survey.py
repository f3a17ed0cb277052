"""What clients were asked and what they answered; every edit of an answer is kept."""

from sqlalchemy import BigInteger, Column, Float, SmallInteger
from sqlalchemy import text as sql
from sqlalchemy.schema import SchemaItem

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

STATES = ("scheduled", "suppressed", "posted", "answered", "expired", "cancelled", "failed")


def _instrument() -> SchemaItem:
    return one_of("instrument", "csat", "nps", "ces")


def _score_in_range() -> SchemaItem:
    return holds(
        "score",
        "(instrument = 'csat' AND score BETWEEN 1 AND 5) OR (instrument = 'nps' AND score BETWEEN 0 AND 10)"
        " OR (instrument = 'ces' AND score BETWEEN 1 AND 7)",
    )


def _key() -> SchemaItem:
    """The name files and programs know the row by."""
    return text("key", server_default=sql("(gen_random_uuid())::text"))


survey = table(
    "survey",
    number("survey_id"),
    text("token"),
    Column("account_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger),
    Column("interaction_id", BigInteger),
    Column("owner_at_send", BigInteger),
    text("instrument"),
    text("wording_version"),
    text("locale"),
    text("state"),
    maybe_text("reason"),
    maybe_text("decided_by"),
    instant("recorded_at"),
    maybe_instant("due_at"),
    maybe_instant("posted_at"),
    maybe_instant("expires_at"),
    maybe_instant("closed_at"),
    maybe_text("place"),
    maybe_text("channel_id"),
    maybe_text("thread_ts"),
    maybe_text("message_ts"),
    Column("reminders", SmallInteger, nullable=False, server_default="0"),
    Column("sampling_probability", Float, nullable=False, server_default="1"),
    _key(),
    unique("token"),
    unique("key"),
    unique("interaction_id", "instrument"),
    ref("account_id", "account"),
    ref("contact_id", "contact"),
    ref("interaction_id", "interaction"),
    ref("owner_at_send", "owner", "owner_id"),
    _instrument(),
    one_of("state", *STATES),
    one_of("place", "thread", "dm", "link"),
    holds("reason_given", "state NOT IN ('suppressed', 'cancelled', 'failed') OR reason IS NOT NULL"),
    holds("posted", "state NOT IN ('posted', 'answered', 'expired') OR posted_at IS NOT NULL"),
    index("due_at", postgresql_where=sql("state = 'scheduled'")),
    index("expires_at", postgresql_where=sql("state = 'posted'")),
    index("account_id", "posted_at"),
    index("contact_id", "due_at"),
    index("posted_at"),
    key=["survey_id"],
)

reply = table(
    "reply",
    number("reply_id"),
    Column("survey_id", BigInteger),
    Column("account_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger),
    Column("interaction_id", BigInteger),
    Column("owner_id", BigInteger),
    text("instrument"),
    text("respondent"),
    Column("score", SmallInteger, nullable=False),
    maybe_text("comment"),
    instant("answered_at"),
    instant("edited_at"),
    instant("recorded_at"),
    unique("survey_id", "respondent"),
    ref("survey_id", "survey"),
    ref("account_id", "account"),
    ref("contact_id", "contact"),
    ref("interaction_id", "interaction"),
    ref("owner_id", "owner"),
    _instrument(),
    _score_in_range(),
    index("instrument", "answered_at"),
    index("instrument", "edited_at"),
    index("account_id", "answered_at"),
    key=["reply_id"],
)

reply_edit = table(
    "reply_edit",
    Column("reply_id", BigInteger, nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("score", SmallInteger, nullable=False),
    maybe_text("comment"),
    instant("answered_at"),
    instant("recorded_at"),
    _key(),
    ref("reply_id", "reply"),
    unique("key"),
    key=["reply_id", "revision"],
)
