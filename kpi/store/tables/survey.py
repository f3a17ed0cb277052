"""What clients were asked and what they answered; every edit of an answer is kept."""

from sqlalchemy import BigInteger, Boolean, Column, Float, SmallInteger, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
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


def _tags() -> SchemaItem:
    """What they ticked beside the score."""
    return Column("tags", ARRAY(Text), nullable=False, server_default="{}")


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
    text("programme", server_default=""),
    Column("is_anonymous", Boolean, nullable=False, server_default=sql("false")),
    maybe_text("salt"),
    maybe_instant("reminded_at"),
    maybe_instant("invited_at"),
    maybe_instant("declined_at"),
    Column("series", SmallInteger, nullable=False, server_default="1"),
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
    index("channel_id", "posted_at"),
    index("salt", postgresql_where=sql("salt IS NOT NULL")),
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
    _tags(),
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
    _tags(),
    _key(),
    ref("reply_id", "reply"),
    unique("key"),
    key=["reply_id", "revision"],
)

held_answer = table(
    "held_answer",
    number("held_id"),
    Column("survey_id", BigInteger, nullable=False),
    text("slack_user_id"),
    text("slack_team_id"),
    text("name", server_default=""),
    Column("score", SmallInteger),
    maybe_text("comment"),
    _tags(),
    instant("answered_at"),
    instant("edited_at"),
    maybe_instant("decided_at"),
    maybe_text("decided_by"),
    maybe_text("verdict"),
    unique("survey_id", "slack_user_id"),
    ref("survey_id", "survey"),
    one_of("verdict", "counted", "discarded"),
    holds("decided", "(verdict IS NULL) = (decided_at IS NULL)"),
    key=["held_id"],
)
