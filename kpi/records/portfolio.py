"""Owners, accounts and what they are worth."""

from kpi.records.columns import RECORDED_AT, account, at, key_of, on, refers
from kpi.records.entity import Column, Entity, Rule, in_order
from kpi.records.kinds import (
    AMOUNT,
    CURRENCY,
    EMAIL,
    FLAG,
    KEY,
    LANGUAGE,
    SLACK_CHANNEL,
    SLACK_TEAM,
    SLACK_USER,
    TEXT,
    WORD,
    ZONE,
    one_of,
)

OWNERS = Entity(
    "owners",
    "Account managers.",
    (
        key_of("owner", "Your name for them, the same in every file.", "anna"),
        Column("name", KEY, "As people read it.", "Anna Berg", required=True),
        Column("email", EMAIL, "Their address.", "anna@agency.example"),
        Column("slack_user_id", SLACK_USER, "Where notices about their accounts go.", "U0ANNA"),
        refers("manager", "owners", "Whom they report to, by key.", ""),
        RECORDED_AT,
    ),
    ("owner",),
    (Rule(("manager", "owner"), lambda manager, owner: manager != owner, "nobody reports to themselves"),),
)

ACCOUNTS = Entity(
    "accounts",
    "Client companies.",
    (
        key_of("account", "Your name for it, the same in every file.", "acme"),
        Column("name", KEY, "As people read it.", "ACME Ltd", required=True),
        refers("owner", "owners", "Who looks after it.", "anna"),
        Column("segment", KEY, "A group to compare by.", "enterprise"),
        Column("plan", KEY, "What they bought.", "retainer"),
        Column("language", LANGUAGE, "What its people are asked in.", "en"),
        Column("timezone", ZONE, "Where its people work.", "Europe/London"),
        Column("currency", CURRENCY, "What it pays in; empty: the workspace's.", "EUR"),
        Column("channel_id", SLACK_CHANNEL, "The channel it shares with us.", "C0ACME"),
        on("observed_from", "First day your data covers it; empty: since its first term.", ""),
        RECORDED_AT,
    ),
    ("account",),
)

TERMS = Entity(
    "terms",
    "Contracts: the days an account is a client. One that came back has several.",
    (
        account(),
        on("starts_on", "First day of service.", "2024-03-01", required=True),
        on("ends_on", "First day without service; empty: it runs.", "", stated=True),
        on("notice_on", "The day the end was announced.", ""),
        Column("reason", TEXT, "Why it ended.", ""),
        RECORDED_AT,
        at("end_recorded_at", "When we came to know of the end; empty: as recorded_at, else with the notice.", ""),
    ),
    ("account", "starts_on"),
    (
        Rule(
            ("ends_on", "starts_on"),
            lambda ends, starts: not ends or ends > starts,
            "the first day without service must come after starts_on",
        ),
        in_order("notice_on", "ends_on", sentence="the end cannot come before the notice of it"),
    ),
)

CONTACTS = Entity(
    "contacts",
    "People at client companies.",
    (
        key_of("contact", "Your name for them, the same in every file.", "carla"),
        account(),
        Column("name", KEY, "As people read it.", "Carla Costa"),
        Column("email", EMAIL, "Their address.", "carla@acme.example"),
        Column("slack_user_id", SLACK_USER, "Their Slack user.", "U0CARLA"),
        Column("slack_team_id", SLACK_TEAM, "Their own organisation's Slack.", "T0ACME"),
        Column("language", LANGUAGE, "What they are asked in; empty: as their account.", "en"),
        RECORDED_AT,
        at("opted_out_at", "When they asked not to be asked.", ""),
        at("confirmed_at", "When somebody of ours confirmed them.", ""),
        at("moved_at", "When they came here from another account, where what happened before may name them.", ""),
    ),
    ("contact",),
)

REVENUE = Entity(
    "revenue",
    "What accounts pay: `recurring` rows an amount per month, `project` rows the total of their days.",
    (
        account(),
        on("starts_on", "First day it covers.", "2024-03-01", required=True),
        on("ends_on", "First day it does not cover; empty: it runs.", "", stated=True),
        Column("amount", AMOUNT, "In major units: per month, or the project's total.", "4500.00", required=True),
        Column("currency", CURRENCY, "Empty: the account's.", "EUR"),
        Column("kind", one_of("recurring", "project"), "recurring or project; empty: recurring.", "recurring"),
        Column("revenue", KEY, "Tells rows apart that begin on the same day.", ""),
        RECORDED_AT,
    ),
    ("account", "starts_on", "currency", "kind", "revenue"),
    (
        Rule(
            ("ends_on", "starts_on"),
            lambda ends, starts: not ends or ends > starts,
            "the first day not covered must come after starts_on",
        ),
        Rule(
            ("ends_on", "kind"),
            lambda ends, kind: kind != "project" or bool(ends),
            "a project needs its ends_on: its amount is spread over its days",
        ),
    ),
)

OFFERS = Entity(
    "offers",
    "What accounts were offered beyond what they buy.",
    (
        key_of("offer", "Your name for it.", "offer-1"),
        account(),
        Column("kind", WORD, "upsell and cross_sell count as upsells.", "upsell", required=True),
        Column("amount", AMOUNT, "In major units.", "900.00"),
        Column("currency", CURRENCY, "Empty: the account's.", "EUR"),
        on("offered_on", "The day it was made.", "2026-08-03", required=True),
        on("decided_on", "The day it was won or lost.", "2026-08-20", stated=True),
        Column("outcome", one_of("won", "lost", "open"), "won, lost or open.", "won", required=True),
        RECORDED_AT,
        at("decision_recorded_at", "When we came to know of the decision; empty: as recorded_at.", ""),
    ),
    ("offer",),
    (
        Rule(
            ("decided_on", "outcome"),
            lambda decided, outcome: (outcome == "open") != bool(decided),
            "an offer won or lost has the day of its decision, an open one has none",
        ),
        in_order("offered_on", "decided_on", sentence="an offer cannot be decided before it was made"),
    ),
)

FEEDBACK = Entity(
    "feedback",
    "What clients asked for, and what became of it.",
    (
        key_of("feedback", "Your name for it.", "feedback-1"),
        account(),
        refers("contact", "contacts", "Who said it.", "carla"),
        Column("text", TEXT, "What they asked for.", "A monthly summary we can forward", stated=True),
        Column("actionable", FLAG, "Whether something can be done; empty: not judged yet.", "yes"),
        at("received_at", "When it came.", "2026-08-04T09:30:00Z", required=True),
        at("triaged_at", "When it was judged.", "2026-08-05T10:00:00Z"),
        at("implemented_at", "When it was done.", "", stated=True),
        at("declined_at", "When it was declined.", "", stated=True),
        Column("decline_reason", TEXT, "Why it was declined.", ""),
        at("client_told_at", "When the client heard.", ""),
        RECORDED_AT,
        refers("owner", "owners", "Who sees to it.", ""),
        at("planned_at", "When it was planned.", ""),
    ),
    ("feedback",),
    (
        Rule(
            ("declined_at", "implemented_at"),
            lambda declined, implemented: not (declined and implemented),
            "feedback is implemented or declined, not both",
        ),
        in_order("received_at", "triaged_at", sentence="it cannot be judged before it came"),
        in_order("received_at", "implemented_at", sentence="it cannot be done before it came"),
        in_order("received_at", "declined_at", sentence="it cannot be declined before it came"),
    ),
)
