"""What happens between an account and us, day by day."""

from kpi.records.columns import RECORDED_AT, account, at, key_of, on, refers
from kpi.records.entity import Column, Entity, in_order
from kpi.records.kinds import COUNT, NUMBER, TEXT, WORD

INTERACTIONS = Entity(
    "interactions",
    "Meetings, calls and other work with a client. Imported ones ask nobody anything.",
    (
        key_of("interaction", "Your name for it.", "interaction-1"),
        account(),
        refers("contact", "contacts", "With whom.", "carla"),
        Column("kind", WORD, "meeting, call, review, delivery, support, email or other.", "meeting", required=True),
        at("occurred_at", "When it took place.", "2026-09-01T14:00:00+02:00", required=True),
        refers("owner", "owners", "Who of ours; empty: nobody in particular.", "anna"),
        RECORDED_AT,
        Column("note", TEXT, "A note of ours.", ""),
    ),
    ("interaction",),
)

EPISODES = Entity(
    "episodes",
    "Waits: a client's message that asks for an answer, and the first answer by a person of ours.",
    (
        key_of("episode", "Your name for it.", "episode-1"),
        account(),
        at("opened_at", "When the client wrote.", "2026-09-02T09:12:00+02:00", required=True),
        at("first_response_at", "When we answered; empty: not yet.", "2026-09-02T10:02:00+02:00", stated=True),
        RECORDED_AT,
        at("response_recorded_at", "When we came to know of the answer; empty: as it was given.", ""),
    ),
    ("episode",),
    (in_order("opened_at", "first_response_at", sentence="an answer cannot come before the question"),),
)

MESSAGES = Entity(
    "messages",
    "How many messages each side wrote on a day; never their text.",
    (
        account(),
        on("day", "The day, in the workspace's zone.", "2026-09-02", required=True),
        Column("from_client", COUNT, "Messages the client wrote.", "4", required=True),
        Column("from_us", COUNT, "Messages we wrote.", "3", required=True),
        RECORDED_AT,
    ),
    ("account", "day"),
)

USAGE = Entity(
    "usage",
    "How much of a product or service was used on a day.",
    (
        account(),
        on("day", "The day, in the workspace's zone.", "2026-09-02", required=True),
        Column("metric", WORD, "What was counted.", "logins", required=True),
        Column("value", NUMBER, "How much.", "17", required=True),
        RECORDED_AT,
    ),
    ("account", "day", "metric"),
)
