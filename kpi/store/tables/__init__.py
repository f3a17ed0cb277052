"""Every table of ours (DESIGN, Data). Procrastinate's own tables stand beside them and are not ours to touch."""

from kpi.store.tables.base import metadata
from kpi.store.tables.conversation import account_day, episode, interaction, usage_day
from kpi.store.tables.delivery import (
    alert,
    delivery,
    digest_run,
    digest_subscription,
    send_gate,
    send_pace,
)
from kpi.store.tables.derived import fact_day, fact_log, fact_version
from kpi.store.tables.portfolio import (
    account,
    account_alias,
    account_term,
    change_marker,
    contact,
    contact_alias,
    feedback,
    offer,
    revenue,
    target,
)
from kpi.store.tables.published import kpi_definition, kpi_value
from kpi.store.tables.survey import reply, reply_edit, survey
from kpi.store.tables.workspace import (
    api_token,
    asked,
    audit,
    channel,
    installation,
    owner,
    person,
    slack_event,
    source_state,
    user_group,
    workspace,
)

__all__ = [
    "account",
    "account_alias",
    "account_day",
    "account_term",
    "alert",
    "api_token",
    "asked",
    "audit",
    "change_marker",
    "channel",
    "contact",
    "contact_alias",
    "delivery",
    "digest_run",
    "digest_subscription",
    "episode",
    "fact_day",
    "fact_log",
    "fact_version",
    "feedback",
    "installation",
    "interaction",
    "kpi_definition",
    "kpi_value",
    "metadata",
    "offer",
    "owner",
    "person",
    "reply",
    "reply_edit",
    "revenue",
    "send_gate",
    "send_pace",
    "slack_event",
    "source_state",
    "survey",
    "target",
    "usage_day",
    "user_group",
    "workspace",
]
