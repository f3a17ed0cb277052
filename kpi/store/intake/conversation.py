"""The ways of what happens between an account and us."""

from sqlalchemy import literal

from kpi.records import conversation as records
from kpi.store.intake.checks import CONTACT_OF_ACCOUNT
from kpi.store.intake.plan import Plan, Straight, named, only_new, recorded, same
from kpi.store.tables import account_day, episode, interaction, usage_day

CSV = "csv"
"""The source of rows that came with a key of their own."""

MESSAGES = Plan(
    records.MESSAGES,
    account_day,
    ("account_id", "day"),
    (
        named("account_id", "account"),
        same("day"),
        same("from_client"),
        same("from_us"),
        same("messages_recorded_at", "recorded_at"),
    ),
    straight=(
        Straight("account_id", ("account",)),
        Straight("day", ("day",)),
        Straight("from_client", ("from_client",)),
        Straight("from_us", ("from_us",)),
        Straight("messages_recorded_at", ("recorded_at",)),
    ),
)

USAGE = Plan(
    records.USAGE,
    usage_day,
    ("account_id", "day", "metric"),
    (named("account_id", "account"), same("day"), same("metric"), same("value"), same("recorded_at")),
    straight=(
        Straight("account_id", ("account",)),
        Straight("day", ("day",)),
        Straight("metric", ("metric",)),
        Straight("value", ("value",)),
        Straight("recorded_at", ("recorded_at",)),
    ),
)

EPISODES = Plan(
    records.EPISODES,
    episode,
    ("key",),
    (
        same("key", "episode"),
        named("account_id", "account"),
        same("opened_at"),
        same("first_response_at"),
        recorded("opened_at"),
        same("response_recorded_at"),
    ),
    straight=(
        Straight("key", ("episode",)),
        Straight("account_id", ("account",)),
        Straight("opened_at", ("opened_at",)),
        Straight("first_response_at", ("first_response_at",)),
        Straight("recorded_at", ("recorded_at", "opened_at")),
        Straight("response_recorded_at", ("response_recorded_at",)),
    ),
)

INTERACTIONS = Plan(
    records.INTERACTIONS,
    interaction,
    ("key",),
    (
        only_new("source", lambda _: literal(CSV)),
        only_new("external_id", lambda row: row.c.interaction),
        only_new("logged_by", lambda _: literal("import")),
        named("account_id", "account"),
        named("contact_id", "contact"),
        named("owner_id", "owner"),
        same("kind"),
        same("occurred_at"),
        recorded("occurred_at"),
        same("note"),
    ),
    checks=(CONTACT_OF_ACCOUNT,),
    instant="occurred_at",
)
